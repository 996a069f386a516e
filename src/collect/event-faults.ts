import type { EventError } from '../event/index.ts';

/** It says that it happened after tomorrow. */
export const tooFarAhead: EventError = {
  code: 'event_in_future',
  path: '/occurred_at',
  rule: 'maximum: one day ahead',
  message: 'occurred_at is over a day ahead',
};

/** It is larger than it may be. */
export function tooLarge(bytes: number, bytesMax: number): EventError {
  const message = `the event has ${bytes} bytes`;
  return { code: 'event_too_large', path: '', rule: `maximum: ${bytesMax} bytes`, message };
}

/** Half of a surrogate pair is no letter: other readers of JSON refuse the whole document. */
export function brokenLetters(text: string): EventError | undefined {
  if (!/(?<!\\)(?:\\\\)*\\ud[89a-f]/.test(text)) return undefined;
  const message = 'a text has half of a surrogate pair, which is no letter';
  return { code: 'event_invalid', path: '', rule: 'unicode', message };
}
