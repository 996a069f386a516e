import { isUtf8 } from 'node:buffer';
import { OctavoError } from '../base/index.ts';
import { isInstantText } from '../event/index.ts';
import { findJsonError } from './json-error.ts';

/** A request's events, unchecked. */
export interface Batch {
  readonly sentAt: string | undefined;
  readonly events: readonly unknown[];
}

/** Takes `{ sent_at?, events }` or one event; fails with `collect_json_invalid` (with the position) or `collect_request_invalid`. */
export function parseBody(body: Buffer, eventsMax: number): Batch {
  if (!isUtf8(body)) throw new OctavoError('collect_json_invalid', 'the body is not UTF-8');
  const value = parse(body.toString('utf8'));
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new OctavoError('collect_request_invalid', 'the body is no object');
  }
  if (!('events' in value)) return { sentAt: undefined, events: [value] };
  const { events, sent_at: sentAt } = value as { readonly events: unknown; readonly sent_at?: unknown };
  if (!Array.isArray(events)) throw new OctavoError('collect_request_invalid', '/events is no list');
  if (events.length > eventsMax)
    throw new OctavoError('collect_too_large', `${events.length} events, ${eventsMax} are allowed`);
  if (sentAt !== undefined && (typeof sentAt !== 'string' || !isInstantText(sentAt))) {
    throw new OctavoError('collect_request_invalid', '/sent_at is no RFC 3339 instant');
  }
  return { sentAt, events };
}

function parse(text: string): unknown {
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
