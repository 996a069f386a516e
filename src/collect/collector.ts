import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  count,
  gauge,
  OctavoError,
  silentLogger,
  toOctavoError,
  type Clock,
  type Logger,
} from '../base/index.ts';
import { truncateIp, type FailedEvent, type Receipt } from '../event/index.ts';
import { createAdmission } from './admission.ts';
import { answerText, sendJson, sendNotAllowed, sendPreflight, sendProblem, type Tally } from './answer.ts';
import type { EventFeed } from './event-feed.ts';
import type { EventLog } from './event-log.ts';
import { failedKey } from './failed-event.ts';
import { createIntake } from './intake.ts';
import { parseBody } from './parse-body.ts';
import { readBody } from './read-body.ts';
import { createRecentIds } from './recent-ids.ts';
import { visitTail } from './visit-tail.ts';

/** What a collector is made of. */
export interface CollectorOptions {
  readonly events: EventLog;
  /** The log of refused events; its partition 0 is used. */
  readonly failed: EventLog;
  readonly authorize: (token: string) => { readonly source: string } | undefined;
  readonly clock: Clock;
  /** Told of everything that is taken. */
  readonly feed?: EventFeed;
  readonly logger?: Logger;
  /** Most bytes of a request, as sent and inflated. Default 4 MiB. */
  readonly bodyBytesMax?: number;
  /** Most events of a request. Default 1000. */
  readonly eventsMax?: number;
  /** Most bytes of an event as it is stored. Default 64 KiB. */
  readonly eventBytesMax?: number;
  /** Bytes of all requests that may wait in memory, inflated ones counted; beyond it 503. Default 64 MiB. */
  readonly queueBytesMax?: number;
  /** The share of one key; beyond it 429. Default half of `queueBytesMax`. */
  readonly sourceBytesMax?: number;
  /** A body that takes longer is answered 408. Default 30 s. */
  readonly bodyTimeoutMs?: number;
  /** Ids that are surely remembered to find duplicates. Default 1,000,000. */
  readonly recentIdsMax?: number;
}

/**
 * Counts since the start, over the requests that were answered 200: `received = stored + duplicates + failed`, and every
 * event in the log whose request was answered 200 is counted in `stored` once. See docs/guides/collect.md.
 */
export interface CollectorStatus {
  readonly received: number;
  readonly stored: number;
  readonly duplicates: number;
  readonly failed: number;
  /** Bytes of requests that wait in memory now. */
  readonly queueBytes: number;
}

/** The handler of `POST /v1/events`. */
export interface Collector {
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  status(): CollectorStatus;
  /** Refuses new requests and resolves when everything taken is answered. */
  close(): Promise<void>;
}

/** Makes a collector; reads the newest records of the logs to know their ids. */
export async function createCollector(options: CollectorOptions): Promise<Collector> {
  const {
    events,
    failed,
    clock,
    logger = silentLogger,
    eventsMax = 1000,
    queueBytesMax = 64 * mebibyte,
  } = options;
  const bodyLimits = {
    bytesMax: options.bodyBytesMax ?? 4 * mebibyte,
    timeoutMs: options.bodyTimeoutMs ?? 30_000,
  };
  const sourceBytesMax = options.sourceBytesMax ?? Math.ceil(queueBytesMax / 2);
  const admission = createAdmission({ bytesMax: queueBytesMax, sourceBytesMax });
  const recentIdsMax = options.recentIdsMax ?? 1_000_000;
  const recent = createRecentIds(recentIdsMax);
  await visitTail(events, recentIdsMax, (record) => {
    const event = JSON.parse(record.toString()) as { readonly id: string; readonly source: string };
    recent.add(event.source, event.id);
  });
  const recentFailed = createRecentIds(recentFailedMax);
  await visitTail(failed, recentFailedMax, (record) => {
    const event = JSON.parse(record.toString()) as FailedEvent;
    const key = failedKey(parseRaw(event.raw), event.error);
    if (key !== undefined) recentFailed.add(event.source, key);
  });
  const eventBytesMax = options.eventBytesMax ?? 64 * 1024;
  const intake = createIntake({
    events,
    failed,
    clock,
    eventBytesMax,
    recent,
    recentFailed,
    ...(options.feed === undefined ? {} : { feed: options.feed }),
  });
  const totals = { received: 0, stored: 0, duplicates: 0, failed: 0 };
  const active = new Set<Promise<void>>();
  let closing = false;

  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.method === 'OPTIONS') return sendPreflight(response);
    if (request.method !== 'POST') return sendNotAllowed(response, request.method ?? '');
    let release: (() => void) | undefined;
    try {
      if (closing) throw new OctavoError('log_closed');
      const caller = options.authorize(bearerOf(request.headers.authorization));
      if (caller === undefined) throw new OctavoError('collect_unauthorized');
      const reservation = admission.reserve(caller.source);
      release = reservation.release;
      const body = await readBody(request, bodyLimits, reservation);
      const taken = await intake.take(
        parseBody(body, eventsMax),
        receiptOf(request, caller.source, clock.now()),
      );
      tally(totals, taken.tally);
      sendJson(response, 200, answerText(taken.tally, taken.outcomes));
    } catch (thrown) {
      const error = toOctavoError(thrown);
      count('octavo_collect_refused_requests_total', { code: error.code });
      if (error.status >= 500 && error.code !== 'collect_busy')
        logger.error('events could not be collected', { error });
      sendProblem(response, error, closing || error.status === 413 || error.status === 408);
    } finally {
      release?.();
      gauge('octavo_collect_held_bytes', admission.heldBytes);
    }
  };

  return {
    handle: async (request, response) => {
      const work = respond(request, response);
      active.add(work);
      await work.finally(() => active.delete(work));
    },
    status: () => ({ ...totals, queueBytes: admission.heldBytes }),
    close: async () => {
      closing = true;
      await Promise.allSettled(active);
    },
  };
}

const mebibyte = 1024 * 1024;
const recentFailedMax = 100_000;

function tally(
  totals: { received: number; stored: number; duplicates: number; failed: number },
  added: Tally,
): void {
  totals.received += added.received;
  totals.stored += added.accepted;
  totals.duplicates += added.duplicates;
  totals.failed += added.failed;
  count('octavo_collect_received_total', {}, added.received);
  count('octavo_collect_stored_total', {}, added.accepted);
  count('octavo_collect_duplicates_total', {}, added.duplicates);
  count('octavo_collect_failed_total', {}, added.failed);
}

function parseRaw(raw: string): unknown {
  try {
    return JSON.parse(raw);
  } catch {
    return undefined;
  }
}

function bearerOf(header: string | undefined): string {
  return header !== undefined && /^bearer /i.test(header) ? header.slice(7).trim() : '';
}

function receiptOf(request: IncomingMessage, source: string, nowMs: number): Receipt {
  const agent = request.headers['user-agent'];
  const ip = truncateIp(request.socket.remoteAddress ?? '');
  return {
    received_at: new Date(nowMs).toISOString(),
    source,
    ...(agent === undefined ? {} : { user_agent: agent.slice(0, 1000) }),
    ...(ip === undefined ? {} : { ip }),
  };
}
