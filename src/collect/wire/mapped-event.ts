import { isIP } from 'node:net';
import { sha256 } from '../../base/index.ts';
import { isInstantText, isKindName, isUuidText, type EventError, type EventItem } from '../../event/index.ts';

/** Anything that JSON has as an object. */
export type Fields = Readonly<Record<string, unknown>>;

/** A mapped event, or why it is none. */
export type Mapped = { readonly event: Fields } | { readonly error: EventError };

/** The fields of an object; none for anything else. */
export function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

/** A text that says something, cut; numbers as text. */
export function textOf(value: unknown, lettersMax = 200): string | undefined {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  if (typeof value !== 'string') return undefined;
  const text = value.trim().slice(0, lettersMax);
  return text === '' ? undefined : text;
}

/** A number, also one that is written as text. */
export function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

/** Of a sum or a price: never below zero. */
export function amountOf(value: unknown): number | undefined {
  const number = numberOf(value);
  return number === undefined || number < 0 ? undefined : number;
}

/** An object without what is undefined. */
export function compact(fields: Readonly<Record<string, unknown>>): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** The same without undefined; undefined when nothing is left. */
export function compactOrNone(fields: Readonly<Record<string, unknown>>): Fields | undefined {
  const left = compact(fields);
  return Object.keys(left).length === 0 ? undefined : left;
}

/**
 * A UUID for an id of any form: a UUID as it is, anything else as a version 8 out of its hash (RFC 9562), so that the
 * same id gives the same UUID at every retry.
 */
export function uuidOf(id: string): string {
  if (isUuidText(id)) return id.toLowerCase();
  const hex = sha256(id);
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 3) | 8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** A name as kinds are written: `Song Played` and `songPlayed` become `song_played`; without Latin letters it is `event_` and a hash. */
export function kindOf(name: string): string {
  const words = name
    .normalize('NFKD')
    .replaceAll(/[\u0300-\u036F]/g, '')
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '');
  if (!/[a-z]/.test(words)) return `event_${sha256(name).slice(0, 8)}`;
  const kind = (/^[a-z]/.test(words) ? words : `event_${words}`).slice(0, kindLettersMax).replace(/_+$/, '');
  return isKindName(kind) ? kind : `event_${sha256(name).slice(0, 8)}`;
}

const kindLettersMax = 40;

/** An instant out of a text or of epoch milliseconds; what is none is undefined. */
export function instantOf(value: unknown): string | undefined {
  if (typeof value === 'string' && isInstantText(value)) return value;
  const ms = typeof value === 'number' ? value : typeof value === 'string' ? epochMs(value) : Number.NaN;
  if (!(ms >= yearMin && ms < yearMax)) return undefined;
  return new Date(ms).toISOString();
}

function epochMs(text: string): number {
  return /^\d{12,14}$/.test(text) ? Number(text) : Date.parse(text);
}

const yearMin = Date.UTC(2000, 0, 1);
const yearMax = Date.UTC(2100, 0, 1);

/** An address, if it is one. */
export function ipOf(value: unknown): string | undefined {
  return typeof value === 'string' && isIP(value) !== 0 ? value : undefined;
}

/** A title out of the names that shops give to its fields. */
export function itemOf(product: Fields, list: Fields = {}): EventItem | undefined {
  const id = textOf(product['product_id'] ?? product['productId'] ?? product['sku'] ?? product['id']);
  if (id === undefined) return undefined;
  const whole = (value: unknown): number | undefined => {
    const number = amountOf(value);
    return number === undefined ? undefined : Math.trunc(number);
  };
  return compact({
    item_id: id,
    item_name: textOf(product['name'] ?? product['title'], 1000),
    item_category: textOf(product['category']),
    item_list_id: textOf(product['list_id'] ?? list['list_id']),
    item_list_name: textOf(product['list_name'] ?? list['list_name'] ?? list['list'], 500),
    index: whole(product['position'] ?? product['index']),
    price: amountOf(product['price'] ?? product['unitPrice']),
    quantity: whole(product['quantity']),
    discount: amountOf(product['discount']),
  }) as unknown as EventItem;
}

/** Most items that an event of ours has. */
export const itemsKeptMax = 200;

/** A refused event of another shape. */
export function refusal(path: string, rule: string, message: string): { readonly error: EventError } {
  return { error: { code: 'event_invalid', path, rule, message } };
}
