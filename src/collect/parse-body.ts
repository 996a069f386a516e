import { isUtf8 } from 'node:buffer';
import { OctavoError } from '../base/index.ts';
import { isInstantText } from '../event/index.ts';
import { findJsonError } from './json-error.ts';
import { refusalsOf } from './wire/refusals.ts';
import type { WireRead } from './wire/shape.ts';

/** Takes `{ sent_at?, key?, events }` or one event; fails with `collect_json_invalid` (with the position) or `collect_request_invalid`. */
export function parseBody(body: Buffer, eventsMax: number): WireRead {
  const value = parseJson(body);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new OctavoError('collect_request_invalid', 'the body is no object');
  }
  const { key, ...rest } = value as { readonly key?: unknown };
  if (key !== undefined && typeof key !== 'string')
    throw new OctavoError('collect_request_invalid', '/key is no text');
  if (!('events' in rest))
    return { key, batch: { sentAt: undefined, events: [key === undefined ? value : rest] } };
  const { events, sent_at: sentAt } = rest as { readonly events: unknown; readonly sent_at?: unknown };
  if (!Array.isArray(events)) throw new OctavoError('collect_request_invalid', '/events is no list');
  if (events.length > eventsMax)
    throw new OctavoError('collect_too_large', `${events.length} events, ${eventsMax} are allowed`);
  if (sentAt !== undefined && (typeof sentAt !== 'string' || !isInstantText(sentAt))) {
    throw new OctavoError('collect_request_invalid', '/sent_at is no RFC 3339 instant');
  }
  const refused = refusalsOf(events);
  return { key, batch: refused === undefined ? { sentAt, events } : { sentAt, events, refused } };
}

/** The body's JSON; fails with `collect_json_invalid`, which names the place. */
export function parseJson(body: Buffer): unknown {
  if (!isUtf8(body)) throw new OctavoError('collect_json_invalid', 'the body is not UTF-8');
  const text = body.toString('utf8');
  try {
    return JSON.parse(text);
  } catch (cause) {
    const found = findJsonError(text);
    if (found === undefined)
      throw new OctavoError('collect_json_invalid', 'the body could not be read', { cause });
    const { line, column, byte, reason } = found;
    throw new OctavoError(
      'collect_json_invalid',
      `line ${line}, column ${column} (byte ${byte}): ${reason}`,
      {
        details: { line, column, byte },
      },
    );
  }
}
