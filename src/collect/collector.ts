import type { IncomingMessage, ServerResponse } from 'node:http';
import { count, OctavoError, silentLogger, toOctavoError, type Clock, type Logger } from '../base/index.ts';
import { isEventError, toStored, truncateIp, validateEvent, type EventError, type FailedEvent, type Receipt } from '../event/index.ts';
import { partitionOf } from './append-events.ts';
import type { EventLog } from './event-log.ts';
import { parseBody } from './parse-body.ts';
import { readBody } from './read-body.ts';
import { createRecentIds } from './recent-ids.ts';

/** What a collector is made of. */
export interface CollectorOptions {
  readonly events: EventLog;
  /** The log of refused events; its partition 0 is used. */
  readonly failed: EventLog;
  readonly authorize: (token: string) => { readonly source: string } | undefined;
  readonly clock: Clock;
  readonly logger?: Logger;
  readonly bodyBytesMax?: number;
  readonly eventsMax?: number;
  readonly eventBytesMax?: number;
  readonly queueBytesMax?: number;
  readonly bodyTimeoutMs?: number;
  /** Ids that are surely remembered to find duplicates. Default 1,000,000. */
  readonly recentIdsMax?: number;
}

/** Counts since the start; `received = stored + duplicates + failed`. */
export interface CollectorStatus {
  readonly received: number;
  readonly stored: number;
  readonly duplicates: number;
  readonly failed: number;
  readonly queueBytes: number;
}

/** What became of one event. */
export interface EventOutcome {
  readonly id: string | null;
  readonly status: 'accepted' | 'duplicate' | 'failed';
  readonly error?: EventError;
}

/** The handler of `POST /v1/events`. */
export interface Collector {
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  status(): CollectorStatus;
  /** Refuses new requests and resolves when everything taken is answered. */
  close(): Promise<void>;
}

interface Answer {
  readonly received: number;
  readonly accepted: number;
  readonly duplicates: number;
  readonly failed: number;
  readonly results: readonly EventOutcome[];
}

/** Makes a collector; reads the newest records of the log to know their ids. */
export async function createCollector(options: CollectorOptions): Promise<Collector> {
  const { events: log, failed: failedLog, clock, logger = silentLogger } = options;
  const bodyBytesMax = options.bodyBytesMax ?? 4 * 1024 * 1024;
  const eventsMax = options.eventsMax ?? 1000;
  const eventBytesMax = options.eventBytesMax ?? 64 * 1024;
  const queueBytesMax = options.queueBytesMax ?? 64 * 1024 * 1024;
  const recent = createRecentIds(options.recentIdsMax ?? 1_000_000);
  await rememberTail(log, Math.ceil((options.recentIdsMax ?? 1_000_000) / log.partitions), recent.add);
  /** Events that are being written: a re-sent one waits for the outcome of the first. */
  const writing = new Map<string, Promise<unknown>>();
  const totals = { received: 0, stored: 0, duplicates: 0, failed: 0 };
  const active = new Set<Promise<void>>();
  let queueBytes = 0;
  let closing = false;

  const take = async (body: Buffer, receipt: Receipt): Promise<Answer> => {
    const batch = parseBody(body, eventsMax);
    const stamped = batch.sentAt === undefined ? receipt : { ...receipt, sent_at: batch.sentAt };
    const results: EventOutcome[] = [];
    const refused: Buffer[] = [];
    const records: Buffer[][] = Array.from({ length: log.partitions }, () => []);
    const keys: string[] = [];
    const own = new Set<string>();
    const waits: Promise<unknown>[] = [];
    const refuse = (value: unknown, error: EventError): void => {
      refused.push(Buffer.from(JSON.stringify(failedEvent(value, error, receipt))));
      results.push({ id: idOf(value), status: 'failed', error });
    };
    for (const value of batch.events) {
      const event = validateEvent(value);
      if (isEventError(event)) {
        refuse(value, event);
        continue;
      }
      const tooEarly = Date.parse(event.occurred_at) > clock.now() + occurredAheadMaxMs;
      if (tooEarly) {
        refuse(value, invalid('event_in_future', '/occurred_at', 'maximum: one day ahead', 'occurred_at is over a day ahead'));
        continue;
      }
      const stored = toStored(event, stamped);
      const key = `${receipt.source} ${stored.id}`;
      const earlier = writing.get(key);
      if (earlier !== undefined) waits.push(earlier);
      if (earlier !== undefined || own.has(key) || recent.has(key)) {
        results.push({ id: event.id, status: 'duplicate' });
        continue;
      }
      const record = Buffer.from(JSON.stringify(stored));
      if (record.length > eventBytesMax) {
        const message = `the event has ${record.length} bytes`;
        refuse(value, invalid('event_too_large', '', `maximum: ${eventBytesMax} bytes`, message));
        continue;
      }
      own.add(key);
      keys.push(key);
      records[partitionOf(event, log.partitions)]?.push(record);
      results.push({ id: event.id, status: 'accepted' });
    }
    const appends = records.map(async (list, partition) => (list.length > 0 ? await log.append(partition, list) : undefined));
    const written = Promise.all(appends);
    written.catch(() => undefined);
    for (const key of keys) writing.set(key, written);
    try {
      const settled = await Promise.allSettled([...appends, refused.length > 0 ? failedLog.append(0, refused) : undefined, ...waits]);
      remember(settled.slice(0, log.partitions), records, receipt.source);
      const broken = settled.find((one) => one.status === 'rejected');
      if (broken !== undefined) throw broken.reason;
    } finally {
      for (const key of keys) writing.delete(key);
    }
    return summary(results);
  };

  /** One partition may be durable while another failed: what is durable is remembered, so that the retry does not double it. */
  const remember = (settled: readonly PromiseSettledResult<unknown>[], records: readonly Buffer[][], source: string): void => {
    settled.forEach((one, partition) => {
      if (one.status !== 'fulfilled') return;
      for (const record of records[partition] ?? []) recent.add(`${source} ${(JSON.parse(record.toString()) as { id: string }).id}`);
    });
  };

  const tally = (answer: Answer): void => {
    totals.received += answer.received;
    totals.stored += answer.accepted;
    totals.duplicates += answer.duplicates;
    totals.failed += answer.failed;
    count('octavo_collect_received_total', {}, answer.received);
    count('octavo_collect_stored_total', {}, answer.accepted);
    count('octavo_collect_duplicates_total', {}, answer.duplicates);
    count('octavo_collect_failed_total', {}, answer.failed);
  };

  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let reserved = 0;
    try {
      if (request.method === 'OPTIONS') return send(response, 204, undefined);
      if (request.method !== 'POST') {
        response.setHeader('allow', 'POST, OPTIONS');
        return send(response, 405, JSON.stringify({ type: 'about:blank', title: 'only POST is allowed', status: 405 }), problemType);
      }
      if (closing) throw new OctavoError('log_closed');
      const caller = options.authorize(bearerOf(request.headers.authorization));
      if (caller === undefined) throw new OctavoError('collect_unauthorized');
      reserved = Math.min(bodyBytesMax, Number(request.headers['content-length'] ?? bodyBytesMax) || 0);
      if (queueBytes + reserved > queueBytesMax) {
        reserved = 0;
        throw new OctavoError('collect_busy', `${queueBytes} bytes are waiting`);
      }
      queueBytes += reserved;
      const body = await readBody(request, bodyBytesMax, options.bodyTimeoutMs ?? 30_000);
      const answer = await take(body, receiptOf(request, caller.source, clock.now()));
      tally(answer);
      send(response, 200, JSON.stringify(answer));
    } catch (thrown) {
      const error = toOctavoError(thrown);
      if (error.status >= 500 && error.code !== 'collect_busy') logger.error('events could not be collected', { error });
      sendProblem(response, error);
    } finally {
      queueBytes -= reserved;
    }
  };

  return {
    handle: async (request, response) => {
      const work = respond(request, response);
      active.add(work);
      await work.finally(() => active.delete(work));
    },
    status: () => ({ ...totals, queueBytes }),
    close: async () => {
      closing = true;
      await Promise.allSettled(active);
    },
  };
}

/** How far ahead of the collector's clock an event may say it happened. */
export const occurredAheadMaxMs = 24 * 60 * 60 * 1000;
const failedRawMax = 64 * 1024;
const problemType = 'application/problem+json';
const readMax = { recordsMax: 10_000, bytesMax: 8 * 1024 * 1024 };

async function rememberTail(log: EventLog, recordsMax: number, add: (key: string) => void): Promise<void> {
  for (let partition = 0; partition < log.partitions; partition++) {
    const end = await log.end(partition);
    let next = Math.max(await log.start(partition), end - recordsMax);
    while (next < end) {
      const batch = await log.read(partition, next, readMax);
      for (const record of batch.records) {
        const event = JSON.parse(record.toString()) as { readonly id: string; readonly source: string };
        add(`${event.source} ${event.id}`);
      }
      if (batch.nextOffset <= next) return;
      next = batch.nextOffset;
    }
  }
}

function summary(results: readonly EventOutcome[]): Answer {
  let accepted = 0;
  let failed = 0;
  for (const result of results) {
    if (result.status === 'accepted') accepted++;
    else if (result.status === 'failed') failed++;
  }
  return { received: results.length, accepted, duplicates: results.length - accepted - failed, failed, results };
}

function invalid(code: string, path: string, rule: string, message: string): EventError {
  return { code, path, rule, message };
}

function failedEvent(value: unknown, error: EventError, receipt: Receipt): FailedEvent {
  return { received_at: receipt.received_at, source: receipt.source, error, raw: JSON.stringify(value).slice(0, failedRawMax) };
}

function idOf(value: unknown): string | null {
  const id = typeof value === 'object' && value !== null && 'id' in value ? value.id : undefined;
  return typeof id === 'string' ? id.slice(0, 100) : null;
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

function send(response: ServerResponse, status: number, body: string | undefined, type = 'application/json'): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, {
    'access-control-allow-origin': '*',
    'access-control-allow-methods': 'POST, OPTIONS',
    'access-control-allow-headers': 'authorization, content-type, content-encoding',
    'access-control-max-age': '86400',
    'access-control-expose-headers': 'retry-after',
    ...(body === undefined ? {} : { 'content-type': type, 'content-length': Buffer.byteLength(body) }),
  });
  response.end(body);
}

function sendProblem(response: ServerResponse, error: OctavoError): void {
  if (response.headersSent || response.destroyed) return;
  if (error.retryable) response.setHeader('retry-after', '1');
  if (error.status === 413 || error.code === 'collect_request_invalid') response.setHeader('connection', 'close');
  const { code, status, hint } = error;
  const detail = code === 'internal' ? 'see the log of the collector' : error.message;
  const body = JSON.stringify({ type: `urn:octavo:error:${code}`, title: code, status, code, detail, hint });
  send(response, status, body, problemType);
}
