import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { count, OctavoError, type Clock, type Logger } from '../../../base/index.ts';
import { bytesOf, eventAt, PackWriter } from './event-pack.ts';
import { retryAfterMs, waitMs } from './backoff.ts';
import type { Delivered, RefusedLine, Shipment, Sink } from './sink.ts';

/** What a sink to a collector is made of. */
export interface HttpSinkOptions {
  /** Of the collector's own API, e.g. `https://collect.example/v1/events`. */
  readonly url: string;
  /** A server's key that may write events. */
  readonly key: string;
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: Logger;
  /** Most events of a request. Default 1000, what a collector takes. */
  readonly eventsMax?: number;
  /** A request that takes longer is sent again. Default 30 s. */
  readonly timeoutMs?: number;
  /** Whether a wrong key or address ends the work; else it is tried until somebody mends it. */
  readonly failFast?: boolean;
}

/** Sends to a collector; every event is acknowledged one by one, and what is sent twice is recognised by its id. */
export function createHttpSink(options: HttpSinkOptions): Sink {
  const { clock, random, logger, eventsMax = 1000, failFast = false } = options;

  /** Sends until it is acknowledged; what the collector finds too large is sent in halves. */
  const deliver = async (shipment: Shipment, signal: AbortSignal): Promise<Delivered> => {
    for (let tries = 0; ; tries++) {
      const answer = await post(options, shipment, signal);
      if ('delivered' in answer) return answer.delivered;
      const { error, status } = answer;
      if (tooMuch.has(status)) return await inHalves(shipment, error, signal);
      const wrong = status > 0 && !mayHeal(status);
      if (wrong && failFast) throw error;
      count('octavo_collect_ship_retries_total', { code: error.code });
      const wait = Math.max(answer.waitMs ?? 0, waitMs(wrong ? longPause : pause, tries, random));
      logger[wrong ? 'error' : 'warn']('the collector did not take events, it is tried again', {
        error,
        tries,
        waitMs: wait,
      });
      await clock.sleep(wait, signal);
    }
  };

  const inHalves = async (
    shipment: Shipment,
    error: OctavoError,
    signal: AbortSignal,
  ): Promise<Delivered> => {
    const { events, refused } = shipment;
    const { pack, from, to } = events;
    if (sizeOf(shipment) > 1) {
      const middle = from + Math.ceil((to - from) / 2);
      const half = Math.ceil(refused.length / 2);
      const parts: readonly Shipment[] = [
        { events: { pack, from, to: middle }, refused: refused.slice(0, half) },
        { events: { pack, from: middle, to }, refused: refused.slice(half) },
      ].filter((part) => sizeOf(part) > 0);
      const done: Delivered[] = [];
      for (const part of parts) done.push(await deliver(part, signal));
      return sum(done);
    }
    if (to === from) throw error;
    logger.error('the collector refuses an event whole; it is sent as a failed one', { error });
    const none = { pack, from: to, to };
    return await deliver({ events: none, refused: [refusedEvent(eventAt(events, 0), error)] }, signal);
  };

  return {
    eventsMax,
    bytesMax: 2 * 1024 * 1024,
    atOnce: 4,
    wholeIp: true,
    send: deliver,
    close: async () => undefined,
  };
}

const pause = { firstMs: 250, longestMs: 60_000 };
const longPause = { firstMs: 10_000, longestMs: 300_000 };
const tooMuch: ReadonlySet<number> = new Set([400, 413, 422]);
const zip = promisify(gzip);

type Answer =
  | { readonly delivered: Delivered }
  | { readonly error: OctavoError; readonly status: number; readonly waitMs?: number | undefined };

/** One request. `status` is 0 when there was no answer, or none that a collector gives. */
async function post(
  options: Pick<HttpSinkOptions, 'url' | 'key' | 'clock' | 'timeoutMs'>,
  shipment: Shipment,
  signal: AbortSignal,
): Promise<Answer> {
  const { url, key, clock, timeoutMs = 30_000 } = options;
  const { events, refused } = shipment;
  const sentAt = new Date(clock.now()).toISOString();
  const packed = bytesOf(events);
  const others = refused.map(refusedText).join(',');
  const comma = packed.length > 0 && others !== '' ? ',' : '';
  const parts = [
    Buffer.from(`{"sent_at":"${sentAt}","events":[`),
    packed,
    Buffer.from(`${comma}${others}]}`),
  ];
  const body = await zip(Buffer.concat(parts), { level: 1 });
  signal.throwIfAborted();
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${key}`,
        'content-type': 'application/json',
        'content-encoding': 'gzip',
      },
      body,
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
    const text = await textOf(response);
    const delivered = response.status === 200 ? readAnswer(text, sizeOf(shipment)) : undefined;
    if (delivered !== undefined) return { delivered };
    const about = `${url} answered ${response.status} ${text.slice(0, shownMax)}`;
    const code = response.status === 200 || mayHeal(response.status) ? 'ship_unavailable' : 'ship_refused';
    const waitMs = retryAfterMs(response.headers.get('retry-after'), clock);
    return {
      error: new OctavoError(code, about),
      status: response.status === 200 ? 0 : response.status,
      waitMs,
    };
  } catch (cause) {
    signal.throwIfAborted();
    const why =
      cause instanceof Error ? (cause.cause instanceof Error ? cause.cause.message : cause.message) : '';
    return { error: new OctavoError('ship_unavailable', `${url}: ${why}`, { cause }), status: 0 };
  }
}

/** Sends no events, to see whether a collector would take some. Errors: `ship_refused`, `ship_unavailable`. */
export async function askCollector(url: string, key: string, clock: Clock): Promise<void> {
  const nothing = new PackWriter(0, 0).pack();
  const answer = await post(
    { url, key, clock, timeoutMs: 10_000 },
    { events: { pack: nothing, from: 0, to: 0 }, refused: [] },
    new AbortController().signal,
  );
  if ('error' in answer) throw answer.error;
}

const shownMax = 300;
/** More than a collector says of the largest shipment. */
const answerBytesMax = 4 * 1024 * 1024;

/** What an answer says, up to a limit: what is longer is from no collector. */
async function textOf(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of response.body ?? []) {
    parts.push(part);
    length += part.byteLength;
    if (length > answerBytesMax) break;
  }
  return Buffer.concat(parts).toString('utf8');
}

function mayHeal(status: number): boolean {
  return status >= 500 || status === 408 || status === 425 || status === 429;
}

/** The counts of a collector's answer; undefined when it is not about all that was sent. */
function readAnswer(text: string, sent: number): Delivered | undefined {
  try {
    const value = JSON.parse(text) as Readonly<Record<string, unknown>>;
    const [accepted, duplicates, failed] = ['accepted', 'duplicates', 'failed'].map((name) =>
      Number(value[name]),
    );
    if (accepted === undefined || duplicates === undefined || failed === undefined) return undefined;
    if (!(accepted >= 0 && duplicates >= 0 && failed >= 0)) return undefined;
    return accepted + duplicates + failed === sent ? { accepted, duplicates, failed } : undefined;
  } catch {
    return undefined;
  }
}

/** A refused line among events: it says itself why it is none, and the collector keeps it as failed. */
function refusedText({ id, error, line, file, offset }: RefusedLine): string {
  return JSON.stringify({ id, refused: error, line: line.toWellFormed(), file, offset });
}

function refusedEvent(event: string, cause: OctavoError): RefusedLine {
  const { id } = JSON.parse(event) as { readonly id: string };
  const error = {
    code: 'event_invalid',
    path: '',
    rule: 'collector',
    message: cause.message.slice(0, shownMax),
  };
  return { id, error, line: event.slice(0, lineMax), file: '', offset: 0 };
}

const lineMax = 1000;

function sizeOf({ events, refused }: Shipment): number {
  return events.to - events.from + refused.length;
}

function sum(parts: readonly Delivered[]): Delivered {
  const total = (name: keyof Delivered): number => parts.reduce((so, part) => so + part[name], 0);
  return { accepted: total('accepted'), duplicates: total('duplicates'), failed: total('failed') };
}
