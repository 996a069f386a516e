import type { TSchema } from '@sinclair/typebox';
import { envelopeSchema } from '../envelope-schema.ts';

/** A field of an event as the scanner meets it. */
export interface FieldRule {
  /** What follows the opening quote: `id":`. */
  readonly name: Uint8Array;
  /** Its bit among the fields of its object, to find doubles and gaps. */
  readonly bit: number;
  readonly type: 'text' | 'number' | 'integer' | 'object' | 'list' | 'free' | 'unread';
  /** Least and most letters, or the bounds of a number, or most elements of a list. */
  readonly min: number;
  readonly max: number;
  /** Where its place in the body is noted; -1 for nowhere. */
  readonly slot: number;
  /** The object that it is, or that its elements are. */
  readonly inner: ObjectRule | undefined;
  /** The field that came after it the last time. */
  next: FieldRule | undefined;
}

/** An object of known fields. */
export interface ObjectRule {
  /** By the first letter of their names. */
  readonly fields: readonly (readonly FieldRule[] | undefined)[];
  /** Bits of those that must be there. */
  readonly required: number;
  /** The field that came first the last time. */
  first: FieldRule | undefined;
}

/** The fields whose places are noted, in the order of their slots. */
export const slots = {
  id: 0,
  kind: 1,
  occurred_at: 2,
  reader_id: 3,
  device_id: 4,
  'page/url': 5,
  'page/referrer': 6,
  'app/platform': 7,
  properties: 8,
  items: 9,
} as const;

/** What a server says of a device is taken apart: such events are read whole. */
const unread = new Set(['user_agent', 'ip', 'source']);

/** The rules of the envelope, for the scanner: made of its schema, so that both ask for the same. */
export const envelopeRules: ObjectRule = objectRule(envelopeSchema, '');

function objectRule(schema: TSchema, path: string): ObjectRule {
  const properties = schema['properties'] as Readonly<Record<string, TSchema>>;
  const needed = new Set(schema['required'] as readonly string[] | undefined);
  const fields: FieldRule[][] = [];
  let required = 0;
  for (const [index, [name, field]] of Object.entries(properties).entries()) {
    const bit = 1 << index;
    if (needed.has(name)) required |= bit;
    const rule = fieldRule(field, path === '' ? name : `${path}/${name}`);
    const own = { ...rule, name: Buffer.from(`${name}":`), bit, next: undefined };
    (fields[name.charCodeAt(0)] ??= []).push(unread.has(name) ? { ...own, type: 'unread' } : own);
  }
  return { fields, required, first: undefined };
}

function fieldRule(schema: TSchema, path: string): Omit<FieldRule, 'name' | 'bit' | 'next'> {
  const slot = slots[path as keyof typeof slots] ?? -1;
  const bounds = (min: unknown, max: unknown): { readonly min: number; readonly max: number } => ({
    min: typeof min === 'number' ? min : 0,
    max: typeof max === 'number' ? max : Infinity,
  });
  switch (schema['type']) {
    case 'string':
      return { type: 'text', ...bounds(schema['minLength'], schema['maxLength']), slot, inner: undefined };
    case 'number':
    case 'integer':
      return {
        type: schema['type'],
        ...bounds(schema['minimum'], schema['maximum']),
        slot,
        inner: undefined,
      };
    case 'array': {
      const inner = objectRule(schema['items'] as TSchema, path);
      return { type: 'list', ...bounds(0, schema['maxItems']), slot, inner };
    }
    default: {
      const inner = schema['properties'] === undefined ? undefined : objectRule(schema, path);
      return { type: inner === undefined ? 'free' : 'object', min: 0, max: 0, slot, inner };
    }
  }
}
