import { TypeCompiler } from '@sinclair/typebox/compiler';
import { envelopeSchema } from '../envelope-schema.ts';
import type { EventFacts } from '../envelope.ts';
import { isInstantText, isKindName, isSmallUuidAt } from '../text-format.ts';
import { kindError } from '../validate-event.ts';
import { envelopeRules, slots, type FieldRule, type ObjectRule } from './field-rules.ts';
import { numberEnd, textEnd, valueEnd } from './values.ts';

/**
 * An event that keeps the rules, found in a request's bytes, where it stands exactly as `JSON.stringify` would write it: it
 * need not be parsed and written again to be stored.
 */
export class ScannedEvent {
  readonly facts: EventFacts;
  readonly body: Buffer;
  /** From its opening to after its closing bracket. */
  readonly start: number;
  readonly end: number;
  /** Where its `occurred_at` begins. */
  readonly occurredAt: number;

  constructor(
    facts: EventFacts,
    body: Buffer,
    places: Readonly<Record<'start' | 'end' | 'occurredAt', number>>,
  ) {
    this.facts = facts;
    this.body = body;
    this.start = places.start;
    this.end = places.end;
    this.occurredAt = places.occurredAt;
  }

  /** All of it. */
  value(): unknown {
    return JSON.parse(this.body.toString('utf8', this.start, this.end));
  }
}

/** What stands at a place: an event, or an object that must be parsed to be judged. */
export type Scanned = ScannedEvent | { readonly end: number };

const properties = TypeCompiler.Compile(envelopeSchema.properties.properties);
const slotCount = Object.keys(slots).length;

/** Reads events from one body of valid UTF-8. */
export class EventScanner {
  readonly #body: Buffer;
  /** The body, a letter for each byte: slices of it cost nothing. */
  readonly #letters: string;
  /** Begin and end of each slot's value; -1 where it is not there. */
  readonly #places = new Int32Array(slotCount * 2);
  #wide = 0;

  constructor(body: Buffer, letters: string) {
    this.#body = body;
    this.#letters = letters;
  }

  /** What begins with the bracket at `start`; undefined when no object does. */
  scan(start: number): Scanned | undefined {
    this.#places.fill(-1);
    this.#wide = 0;
    const end = this.#object(envelopeRules, start + 1);
    const event = end < 0 ? undefined : this.#event(start, end);
    if (event !== undefined) return event;
    const skipped = valueEnd(this.#body, start);
    return skipped < 0 ? undefined : { end: skipped };
  }

  #event(start: number, end: number): ScannedEvent | undefined {
    const id = this.#text(slots.id) ?? '';
    const kind = this.#text(slots.kind) ?? '';
    const occurred = this.#text(slots.occurred_at) ?? '';
    // An id is stored in small letters.
    if (id.length !== 36 || !isSmallUuidAt(this.#body, this.#places[slots.id * 2] ?? 0)) return undefined;
    if (!isKindName(kind) || !isInstantText(occurred)) return undefined;
    const own = this.#properties();
    if (own === null) return undefined;
    const facts: EventFacts = {
      id,
      kind,
      occurred_at: occurred,
      reader_id: this.#text(slots.reader_id),
      device_id: this.#text(slots.device_id),
      page: { url: this.#text(slots['page/url']), referrer: this.#text(slots['page/referrer']) },
      app: { platform: this.#text(slots['app/platform']) },
      properties: own,
    };
    const items = this.#places[slots.items * 2] ?? -1;
    if (kindError(facts, items > 0) !== undefined) return undefined;
    return new ScannedEvent(facts, this.#body, {
      start,
      end,
      occurredAt: this.#places[slots.occurred_at * 2] ?? 0,
    });
  }

  /** The properties parsed; null where they are not as they would be written, or not right. */
  #properties(): EventFacts['properties'] | null {
    const begin = this.#places[slots.properties * 2] ?? -1;
    if (begin < 0) return undefined;
    const text = this.#body.toString('utf8', begin, this.#places[slots.properties * 2 + 1]);
    try {
      const value: unknown = JSON.parse(text);
      return properties.Check(value) && JSON.stringify(value) === text ? value : null;
    } catch {
      return null;
    }
  }

  #text(slot: number): string | undefined {
    const begin = this.#places[slot * 2] ?? -1;
    if (begin < 0) return undefined;
    const end = this.#places[slot * 2 + 1] ?? begin;
    return (this.#wide & (1 << slot)) === 0
      ? this.#letters.slice(begin, end)
      : this.#body.toString('utf8', begin, end);
  }

  /** The place after the object whose first field, or end, is at `at`; -1 when it is not of the rule, or not written closely. */
  #object(rule: ObjectRule, at: number): number {
    const body = this.#body;
    if (body[at] === closing) return rule.required === 0 ? at + 1 : -1;
    let seen = 0;
    let before: FieldRule | undefined;
    for (;;) {
      if (body[at] !== quote) return -1;
      let field = before === undefined ? rule.first : before.next;
      if (field === undefined || !isAt(body, at + 1, field.name)) {
        field = rule.fields[body[at + 1] ?? 0]?.find(({ name }) => isAt(body, at + 1, name));
        if (field === undefined) return -1;
        if (before === undefined) rule.first = field;
        else before.next = field;
      }
      if ((seen & field.bit) !== 0) return -1;
      seen |= field.bit;
      at = this.#value(field, at + 1 + field.name.length);
      if (at < 0) return -1;
      const then = body[at++];
      if (then === closing) return (seen & rule.required) === rule.required ? at : -1;
      if (then !== comma) return -1;
      before = field;
    }
  }

  #value(field: FieldRule, at: number): number {
    const body = this.#body;
    const { slot } = field;
    switch (field.type) {
      case 'text': {
        const found = body[at] === quote ? textEnd(body, at + 1) : 0;
        const end = found < 0 ? -found : found;
        // Letters beyond ASCII are fewer than their bytes: what is short enough in bytes is short enough.
        if (end === 0 || end - at - 1 < field.min || end - at - 1 > field.max) return -1;
        if (slot >= 0) {
          if (found < 0) this.#wide |= 1 << slot;
          this.#places[slot * 2] = at + 1;
          this.#places[slot * 2 + 1] = end;
        }
        return end + 1;
      }
      case 'number':
      case 'integer':
        return numberEnd(body, at, field);
      case 'object':
        return body[at] === opening && field.inner !== undefined ? this.#object(field.inner, at + 1) : -1;
      case 'list':
        return this.#list(field, at);
      case 'free': {
        const end = body[at] === opening ? valueEnd(body, at) : -1;
        this.#places[slot * 2] = at;
        this.#places[slot * 2 + 1] = end;
        return end;
      }
      case 'unread':
        return -1;
    }
  }

  /** A list of objects; how many they are is noted as its begin. */
  #list({ inner, max, slot }: FieldRule, at: number): number {
    const body = this.#body;
    if (body[at] !== bracket || inner === undefined) return -1;
    let count = 0;
    at += 1;
    while (body[at] === opening) {
      at = this.#object(inner, at + 1);
      if (at < 0 || ++count > max) return -1;
      if (body[at] !== comma) break;
      at += 1;
      if (body[at] !== opening) return -1;
    }
    this.#places[slot * 2] = count;
    return body[at] === closingBracket ? at + 1 : -1;
  }
}

function isAt(body: Buffer, at: number, name: Uint8Array): boolean {
  for (let index = 0; index < name.length; index++) if (body[at + index] !== name[index]) return false;
  return true;
}

const [quote, comma, opening, closing, bracket, closingBracket] = [34, 44, 123, 125, 91, 93];
