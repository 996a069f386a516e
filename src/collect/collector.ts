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
import { clientHintsOf, type Receipt } from '../event/index.ts';
import { createAdmission, type Reservation } from './admission.ts';
import { sendAnswer, sendNotAllowed, sendProblem, type Tally } from './answer.ts';
import { allowOrigin, vary } from './cors.ts';
import { createEnrichment, type EnrichmentOptions } from './enrichment.ts';
import type { EventFeed } from './event-feed.ts';
import type { EventLog } from './event-log.ts';
import { createGate, type Caller, type GateOptions } from './gate.ts';
import { createIntake } from './intake.ts';
import { createRateLimit } from './rate-limit.ts';
import { readBody, type BodyLimits } from './read-body.ts';
import { rememberNewest, type IdsOptions } from './remember-newest.ts';
import { headOf, keyOf, pathOf } from './wire/head.ts';
import { ownPath } from './wire/own.ts';
import type { PixelOptions } from './wire/pixel.ts';
import type { Batch, Taken, WireAnswer, WireHead, WireShape } from './wire/shape.ts';
import { wireShapes } from './wire/shapes.ts';

/** What a collector is made of. */
export interface CollectorOptions extends GateOptions {
  readonly events: EventLog;
  /** The log of refused events; its partition 0 is used. */
  readonly failed: EventLog;
  /** In which shapes events are taken. Default: all of `wireShapes`. */
  readonly shapes?: readonly WireShape[];
  /** Whether the pictures in mails must be signed. Default: no. */
  readonly pixel?: PixelOptions;
  readonly clock: Clock;
  /** What is added to events. Default: everything that needs no file and no header of a proxy. */
  readonly enrich?: EnrichmentOptions;
  /** Told of everything that is taken. */
  readonly feed?: EventFeed;
  readonly logger?: Logger;
  /** Most bytes of a request, as sent and inflated. Default 4 MiB. */
  readonly bodyBytesMax?: number;
  /** Most events of a request. Default 2,500, as many as Segment's SDKs may send. */
  readonly eventsMax?: number;
  /** Most bytes of an event as it is stored. Default 64 KiB. */
  readonly eventBytesMax?: number;
  /** Bytes of all requests that may wait in memory, inflated ones counted; beyond it 503. Default 64 MiB. */
  readonly queueBytesMax?: number;
  /** The share of one key; beyond it 429. Default half of `queueBytesMax`. */
  readonly sourceBytesMax?: number;
  /** A body that takes longer is answered 408. Default 30 s. */
  readonly bodyTimeoutMs?: number;
  /** Most events a second of a key that has no limit of its own, over some seconds; beyond it 429. Default: no limit. */
  readonly eventsPerSecondMax?: number;
  /** Where the ids of 30 days lie, to find duplicates over restarts. Default: the newest are in memory. */
  readonly ids?: IdsOptions;
  /** Without `ids`, how many are surely remembered; with it, how many are read of a log whose ids were never written. Default 1,000,000. */
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

/** Takes events over HTTP, in every shape. */
export interface Collector {
  /** Whether a request is the collector's to answer. */
  matches(method: string | undefined, url: string | undefined): boolean;
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Takes events that did not come over HTTP: the same checks, and as durable. What is refused is only told, not kept. */
  replay(batch: Batch, receipt: Receipt): Promise<Taken>;
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
    eventsMax = 2500,
    queueBytesMax = 64 * mebibyte,
  } = options;
  const { bodyLimits, keylessLimits } = readLimitsOf(options);
  const sourceBytesMax = options.sourceBytesMax ?? Math.ceil(queueBytesMax / 2);
  const admission = createAdmission({ bytesMax: queueBytesMax, sourceBytesMax });
  const writing = new Set<Promise<void>>();
  const { seen, recentFailed } = await rememberNewest({
    ...options,
    recentIdsMax: options.recentIdsMax ?? 1_000_000,
    ids: options.ids,
    logger,
    settled: async () => void (await Promise.all(writing)),
  });
  const eventBytesMax = options.eventBytesMax ?? 64 * 1024;
  const enrichment = createEnrichment(options.enrich);
  const intake = createIntake({
    events,
    failed,
    clock,
    eventBytesMax,
    enrichment,
    seen,
    recentFailed,
    writing,
    ...(options.feed === undefined ? {} : { feed: options.feed }),
  });
  const totals = { received: 0, stored: 0, duplicates: 0, failed: 0 };
  const active = createWorks();
  let closing = false;

  const gate = createGate(options);
  const rates = createRateLimit(clock, options.eventsPerSecondMax);
  const admit = (key: string, head: WireHead, shape: WireShape): Caller => {
    const caller = gate.admit(key, head, shape);
    rates.assertRoom(caller);
    return caller;
  };
  const shapes = options.shapes ?? wireShapes(options.pixel);
  const take = async (
    request: IncomingMessage,
    head: WireHead,
    { shape, reserve }: { readonly shape: WireShape; readonly reserve: (source: string) => Reservation },
  ): Promise<WireAnswer> => {
    if (closing) throw new OctavoError('log_closed');
    const headKey = keyOf(head) ?? shape.key?.(head);
    const known = headKey === undefined ? undefined : admit(headKey, head, shape);
    // A key in the body is known only when all of it is there: such bodies are smaller, and share one part of the memory.
    const limits = known === undefined ? keylessLimits : bodyLimits;
    const body =
      head.method === 'GET' ? noBody : await readBody(request, limits, reserve(known?.source ?? ''));
    const { key, batch } = shape.read({ ...head, body, eventsMax, receivedMs: clock.now() });
    const caller = known ?? admit(key ?? '', head, shape);
    shape.check?.(caller, head);
    rates.charge(caller, batch.events.length);
    const { ip, ...receipt } = enrichment.receiptOf(request, caller.source, clock.now());
    const whole = ip === undefined || batch.anonymous === true ? receipt : { ...receipt, ip };
    const taken = await intake.take(batch, whole, {
      trusted: caller.origins === undefined,
      hints: clientHintsOf(request.headers, head.query().get('touch')),
    });
    tally(totals, taken.tally);
    return shape.answer(taken, head);
  };

  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const head = headOf(request);
    const { origin } = request.headers;
    if (origin !== undefined) response.setHeader('vary', vary);
    if (head.method === 'OPTIONS') return gate.preflight(head, response);
    const shape = shapes.find((one) => one.match(head.method, head.path));
    if (shape === undefined) return sendNotAllowed(response, head.method, head.path);
    const held: Reservation[] = [];
    const reserve = (source: string): Reservation => {
      const reservation = admission.reserve(source);
      held.push(reservation);
      return reservation;
    };
    try {
      const answer = await take(request, head, { shape, reserve });
      if (origin !== undefined) allowOrigin(response, origin);
      sendAnswer(response, answer);
    } catch (thrown) {
      const error = toOctavoError(thrown);
      count('octavo_collect_refused_requests_total', { code: error.code });
      if (error.status >= 500 && error.code !== 'collect_busy')
        logger.error('events could not be collected', { error });
      if (origin !== undefined && gate.mayRead(error, origin)) allowOrigin(response, origin);
      const answer = shape.refuse?.(error, head);
      const last = closing || error.status === 413 || error.status === 408;
      if (answer === undefined) sendProblem(response, error, last);
      else sendAnswer(response, answer);
    } finally {
      for (const reservation of held) reservation.release();
      gauge('octavo_collect_held_bytes', admission.heldBytes);
    }
  };

  return {
    matches: (method = '', url = '') => isOf(shapes, method, pathOf(url)),
    handle: (request, response) => active.add(respond(request, response)),
    replay: async (batch, receipt) => {
      if (closing) throw new OctavoError('log_closed');
      const taken = await active.add(intake.take(batch, receipt, { trusted: true, keepsFailed: false }));
      const { accepted, duplicates } = taken.tally;
      tally(totals, { received: accepted + duplicates, accepted, duplicates, failed: 0 });
      return taken;
    },
    status: () => ({ ...totals, queueBytes: admission.heldBytes }),
    close: async () => {
      closing = true;
      await active.all();
      await seen.close();
    },
  };
}

/** Whether a request, or the one that a preflight announces, is of one of the shapes. */
function isOf(shapes: readonly WireShape[], method: string, path: string): boolean {
  const methods = method === 'OPTIONS' ? ['POST', 'GET'] : [method];
  return path === ownPath || shapes.some((shape) => methods.some((one) => shape.match(one, path)));
}

/** Work that a stop waits for. */
function createWorks(): { add<T>(work: Promise<T>): Promise<T>; all(): Promise<unknown> } {
  const works = new Set<Promise<unknown>>();
  return {
    add: (work) => {
      works.add(work);
      return work.finally(() => works.delete(work));
    },
    all: () => Promise.allSettled(works),
  };
}

function readLimitsOf({ bodyBytesMax = 4 * mebibyte, bodyTimeoutMs = 30_000 }: CollectorOptions): {
  readonly bodyLimits: BodyLimits;
  readonly keylessLimits: BodyLimits;
} {
  const bodyLimits = { bytesMax: bodyBytesMax, timeoutMs: bodyTimeoutMs };
  return { bodyLimits, keylessLimits: { ...bodyLimits, bytesMax: Math.min(bodyBytesMax, keylessBytesMax) } };
}

const mebibyte = 1024 * 1024;
/** Most bytes of a body that has its key in it. */
const keylessBytesMax = 512 * 1024;
const noBody = Buffer.alloc(0);

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
