import { OctavoError, type Clock } from '../base/index.ts';
import type { EventInput, StoredEvent } from '../event/index.ts';

/** What the collector answered to one batch. */
export interface SendResult {
  readonly status: number;
  readonly attempts: number;
  /** The answer's JSON, as it came. */
  readonly answer: unknown;
}

const attemptsMax = 8;
const waitMsMax = 30_000;

/** An event without what only the collector adds. */
export function toInput(event: StoredEvent): EventInput {
  const {
    received_at: _received,
    source: _source,
    user_agent: _agent,
    ip: _ip,
    sent_at: _sent,
    device_occurred_at: _clock,
    country: _country,
    client: _client,
    campaign: _campaign,
    referrer: _referrer,
    enriched_by: _rules,
    ...input
  } = event;
  return input;
}

/**
 * Sends a batch to a collector's `POST /v1/events`, again and again with growing waits while it is
 * unreachable or answers 429 or 5xx; a `Retry-After` in seconds is honoured. `sent_at` is each try's own.
 */
export async function sendEvents(options: {
  readonly url: string;
  readonly key: string;
  readonly events: readonly EventInput[];
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  readonly signal?: AbortSignal;
}): Promise<SendResult> {
  const { clock, signal } = options;
  const events = JSON.stringify(options.events);
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${options.key}` };
  let cause: unknown;
  for (let attempt = 1; attempt <= attemptsMax; attempt++) {
    let waitMs = Math.min(waitMsMax, 200 * 2 ** (attempt - 1));
    try {
      const response = await options.fetch(`${options.url}/v1/events`, {
        method: 'POST',
        headers,
        // Said anew at each try: what waited long would look like a client's wrong clock.
        body: `{"sent_at":"${new Date(clock.now()).toISOString()}","events":${events}}`,
        ...(signal && { signal }),
      });
      const text = await response.text();
      if (response.status !== 429 && response.status < 500) {
        return {
          status: response.status,
          attempts: attempt,
          answer: text === '' ? null : JSON.parse(text),
        };
      }
      cause = new Error(`${response.status} ${text.slice(0, 200)}`);
      const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
      if (Number.isFinite(seconds)) waitMs = Math.min(waitMsMax, seconds * 1000);
    } catch (error) {
      if (signal?.aborted === true) throw error;
      cause = error;
    }
    if (attempt < attemptsMax) await clock.sleep(waitMs, signal);
  }
  throw new OctavoError('simulate_send_failed', `${options.url}, ${attemptsMax} attempts`, {
    cause,
  });
}
