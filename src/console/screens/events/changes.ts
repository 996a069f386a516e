/** How a change mends an event: as the API has it. */
export const changeWays = ['value', 'from', 'remove'] as const;
export type ChangeWay = (typeof changeWays)[number];

/** A change as it is typed. */
export interface TypedChange {
  /** JSON pointer into the event. */
  readonly path: string;
  readonly way: ChangeWay;
  /** The value as JSON, else as a text; or the pointer from which it is taken. */
  readonly text: string;
}

/** A change as the API takes it. */
export type SentChange =
  | { readonly path: string; readonly value: unknown }
  | { readonly path: string; readonly from: string }
  | { readonly path: string; readonly remove: true };

/** What is sent; lines without a place are left out. */
export function toChanges(typed: readonly TypedChange[]): readonly SentChange[] {
  return typed
    .filter(({ path }) => path.trim() !== '')
    .map(({ path, way, text }): SentChange => {
      const at = path.trim();
      if (way === 'remove') return { path: at, remove: true };
      return way === 'from' ? { path: at, from: text.trim() } : { path: at, value: valueOf(text) };
    });
}

/** Lines that were kept; undefined when they are none. */
export function changesFrom(kept: string | undefined): readonly TypedChange[] | undefined {
  try {
    const read: unknown = JSON.parse(kept ?? 'null');
    return Array.isArray(read) && read.every(isTyped) ? read : undefined;
  } catch {
    return undefined;
  }
}

function isTyped(value: unknown): value is TypedChange {
  if (typeof value !== 'object' || value === null) return false;
  const { path, way, text } = value as Partial<TypedChange>;
  return typeof path === 'string' && typeof text === 'string' && changeWays.some((known) => known === way);
}

/** What is JSON is meant as JSON; anything else is a text. */
function valueOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
