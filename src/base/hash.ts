import { createHash } from 'node:crypto';

/** SHA-256 as 64 hexadecimal digits. */
export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/**
 * JSON with one spelling per value: keys sorted by code unit, no white space, `undefined` left out of
 * objects, bigint and Date as text. Follows RFC 8785 for everything that JSON itself can hold.
 * Numbers that JSON lacks (NaN, infinities) are a TypeError.
 */
export function canonicalJson(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'string') return jsonText(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError(`${value} has no JSON form`);
    return value === 0 ? '0' : String(value);
  }
  if (typeof value === 'bigint') return `"${value}"`;
  if (typeof value !== 'object' || value instanceof Date) return JSON.stringify(value);
  let text = '';
  if (Array.isArray(value)) {
    for (const item of value) text += `${text === '' ? '' : ','}${canonicalJson(item)}`;
    return `[${text}]`;
  }
  const object = value as Readonly<Record<string, unknown>>;
  for (const key of Object.keys(object).toSorted()) {
    const field = object[key];
    if (field !== undefined) text += `${text === '' ? '' : ','}${jsonText(key)}:${canonicalJson(field)}`;
  }
  return `{${text}}`;
}

/** Most texts need no escapes, and to see that is several times cheaper than to ask `JSON.stringify`. */
function jsonText(text: string): string {
  return needsEscape.test(text) ? JSON.stringify(text) : `"${text}"`;
}

const needsEscape = /["\\\p{Cc}\p{Cs}]/u;

/** SHA-256 of the canonical JSON: equal values, equal hash, whatever the order of their keys. */
export function hashJson(value: unknown): string {
  return sha256(canonicalJson(value));
}
