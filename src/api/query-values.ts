import type { SqlValue } from '../warehouse/index.ts';

/** A value of a result as JSON has it: what JSON cannot say exactly is a text. */
export function toJsonValue(value: SqlValue): unknown {
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  if (value === null || typeof value !== 'object') return value;
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(toJsonValue);
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, toJsonValue(inner)]));
}

/** A value of a result as a cell of a CSV file. */
export function toCell(value: SqlValue): string | number | boolean | null {
  const plain = toJsonValue(value);
  return plain !== null && typeof plain === 'object'
    ? JSON.stringify(plain)
    : (plain as string | number | null);
}
