import type { EventError } from '../../event/index.ts';

/**
 * What a log agent sends of a line that it could not read: `{ id, refused: { code, rule, message }, line, file, offset }` in the
 * place of an event. It is kept as a failed event with the agent's reason. Undefined when there is none.
 */
export function refusalsOf(events: readonly unknown[]): ReadonlyMap<number, EventError> | undefined {
  let found: Map<number, EventError> | undefined;
  for (const [place, event] of events.entries()) {
    if (typeof event !== 'object' || event === null || !('refused' in event)) continue;
    const error = toError(event.refused);
    if (error !== undefined) (found ??= new Map()).set(place, error);
  }
  return found;
}

function toError(value: unknown): EventError | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { code, rule, message } = value as Readonly<Record<string, unknown>>;
  if (typeof code !== 'string' || !/^[a-z][a-z_]{0,39}$/.test(code)) return undefined;
  if (typeof rule !== 'string' || typeof message !== 'string') return undefined;
  return { code, path: '', rule: cut(rule), message: cut(message) };
}

function cut(text: string): string {
  return text.slice(0, textMax).toWellFormed();
}

const textMax = 300;
