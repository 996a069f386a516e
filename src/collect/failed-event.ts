import { hash } from 'node:crypto';
import type { EventError, FailedEvent, Receipt } from '../event/index.ts';

/** Most characters of a refused event's text that are kept. */
export const failedRawMax = 64 * 1024;
/** Levels of a refused event that are kept; deeper ones become `"…"`. */
export const failedDepthMax = 32;

/** The refused event as it is kept. */
export function failedEvent(value: unknown, error: EventError, receipt: Receipt): FailedEvent {
  const raw = JSON.stringify(cutDeep(value, failedDepthMax)).slice(0, failedRawMax);
  const { sent_at, received_at, source, user_agent, ip } = receipt;
  return {
    ...(sent_at === undefined ? {} : { sent_at }),
    received_at,
    source,
    ...(user_agent === undefined ? {} : { user_agent }),
    ...(ip === undefined ? {} : { ip }),
    error,
    raw,
  };
}

/** What a refused event is known by when it comes again: its id and what was wrong. Undefined without an id. */
export function failedKey(value: unknown, error: EventError): string | undefined {
  const id = idOf(value);
  return id === null ? undefined : hash('sha1', `${error.code} ${error.path} ${error.rule} ${id}`);
}

/** The id that a value claims, cut at 100 characters. */
export function idOf(value: unknown): string | null {
  const id = typeof value === 'object' && value !== null && 'id' in value ? value.id : undefined;
  return typeof id === 'string' ? id.slice(0, 100).toWellFormed() : null;
}

function cutDeep(value: unknown, levels: number): unknown {
  if (typeof value !== 'object' || value === null || isShallow(value, levels)) return value;
  if (levels === 0) return '…';
  if (Array.isArray(value)) return value.map((one) => cutDeep(one, levels - 1));
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, cutDeep(one, levels - 1)]));
}

function isShallow(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (levels === 0) return false;
  for (const one of Array.isArray(value) ? value : Object.values(value))
    if (!isShallow(one, levels - 1)) return false;
  return true;
}
