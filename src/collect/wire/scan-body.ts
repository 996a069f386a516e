import { isUtf8 } from 'node:buffer';
import { EventScanner, isInstantText, ScannedEvent } from '../../event/index.ts';
import type { WireRead } from './shape.ts';

/**
 * Reads `{ key?, sent_at?, events }` from its bytes, as most clients write it: closely, each name once. Events that keep the rules stay
 * in their bytes, others are parsed. Undefined for a body that must be parsed as a whole, for it is written otherwise or is wrong.
 */
export function scanBody(body: Buffer, eventsMax: number): WireRead | undefined {
  if (body[0] !== opening || body[1] !== quote || !isUtf8(body)) return undefined;
  const letters = body.toString('latin1');
  let key: string | undefined;
  let sentAt: string | undefined;
  let events: readonly unknown[] | undefined;
  let at = 1;
  for (;;) {
    if (events === undefined && letters.startsWith('"events":[', at)) {
      const found = scanEvents(body, letters, { at: at + '"events":['.length, eventsMax });
      if (found === undefined) return undefined;
      ({ events, at } = found);
    } else {
      const [name = '', value] = textField(letters, at) ?? [];
      if (value === undefined) return undefined;
      if (name === 'key' && key === undefined) key = value;
      else if (name === 'sent_at' && sentAt === undefined && isInstantText(value)) sentAt = value;
      else return undefined;
      at += name.length + value.length + '"":""'.length;
    }
    const then = body[at++];
    if (then === closing) break;
    if (then !== comma) return undefined;
  }
  return at === body.length && events !== undefined ? { key, batch: { sentAt, events } } : undefined;
}

/** The events up to the list's end, and the place after it. */
function scanEvents(
  body: Buffer,
  letters: string,
  { at, eventsMax }: { at: number; readonly eventsMax: number },
): { readonly events: readonly unknown[]; readonly at: number } | undefined {
  const scanner = new EventScanner(body, letters);
  const events: unknown[] = [];
  while (body[at] === opening) {
    const found = events.length === eventsMax ? undefined : scanner.scan(at);
    if (found === undefined) return undefined;
    if (found instanceof ScannedEvent) events.push(found);
    else {
      const parsed = parse(body.toString('utf8', at, found.end));
      // What a log agent could not read is told apart with the whole body at hand.
      if (parsed === undefined || 'refused' in parsed) return undefined;
      events.push(parsed);
    }
    at = found.end;
    if (body[at] !== comma) break;
    at += 1;
    if (body[at] !== opening) return undefined;
  }
  return body[at] === closingBracket ? { events, at: at + 1 } : undefined;
}

function parse(text: string): object | undefined {
  try {
    return JSON.parse(text) as object;
  } catch {
    return undefined;
  }
}

/** A field whose value is a plain text without escapes, short enough to be a key or a time. */
function textField(letters: string, at: number): readonly [name: string, value: string] | undefined {
  field.lastIndex = at;
  const [, name = '', value] = field.exec(letters) ?? [];
  return value === undefined ? undefined : [name, value];
}

const field = /"(key|sent_at)":"([ !#-[\]-~]{0,300})"/y;
const [quote, comma, opening, closing, closingBracket] = [34, 44, 123, 125, 93];
