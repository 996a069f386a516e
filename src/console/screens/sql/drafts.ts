import { keep, kept } from '../../data/keepsake.ts';

/** A question that was asked on this device. */
export interface PastQuery {
  readonly sql: string;
  readonly atMs: number;
  /** Absent: it was never answered. */
  readonly rows?: number;
  readonly seconds?: number;
}

const pastMax = 50;

/** What a person is writing; it outlives the page and his session. */
export function keepDraft(person: string, sql: string): void {
  keep(`octavo.sql.draft.${person}`, sql);
}

export function keptDraft(person: string): string | undefined {
  return kept(`octavo.sql.draft.${person}`);
}

/** A person's questions on this device, the newest first. */
export function pastQueries(person: string): readonly PastQuery[] {
  try {
    const read: unknown = JSON.parse(kept(`octavo.sql.past.${person}`) ?? '[]');
    return Array.isArray(read) ? read.filter(isPast) : [];
  } catch {
    return [];
  }
}

/** Remembers a question; the same one stands there once. */
export function addPast(person: string, query: PastQuery): readonly PastQuery[] {
  const others = pastQueries(person).filter(({ sql }) => sql.trim() !== query.sql.trim());
  const all = [query, ...others].slice(0, pastMax);
  keep(`octavo.sql.past.${person}`, JSON.stringify(all));
  return all;
}

function isPast(value: unknown): value is PastQuery {
  if (typeof value !== 'object' || value === null) return false;
  const { sql, atMs } = value as Partial<PastQuery>;
  return typeof sql === 'string' && typeof atMs === 'number';
}
