import type { ServerResponse } from 'node:http';
import { OctavoError, type Clock } from '../base/index.ts';
import type { EventFeed, FedRecords } from '../collect/index.ts';
import { hideContents, hidePersonal } from './hide-personal.ts';
import type { TailEvent, TailNews } from './event-schemas.ts';
import { createListenerRoom } from './listener-room.ts';

/** Which events a listener wants. */
export interface TailFilter {
  readonly kind?: string | undefined;
  readonly source?: string | undefined;
  readonly reader?: string | undefined;
  /** Anywhere in what he may see of the event. */
  readonly text?: string | undefined;
  readonly failed?: boolean | undefined;
}

export interface TailListener {
  readonly response: ServerResponse;
  readonly filter: TailFilter;
  /** Who he is, to share the room fairly. */
  readonly caller: string;
  /** Whether he sees personal data. */
  readonly personal: boolean;
  /** Asked now and then. */
  readonly allowed: () => boolean;
}

/** Tells listeners of events as they are taken; what is too fast for them is counted, not kept. */
export interface EventTail {
  /** Errors: `live_busy`. */
  join(listener: TailListener): Promise<void>;
  close(): void;
}

const roomLimits = { listenersMax: 100, callerMax: 20 };
const tickMs = 500;
const askMs = 15_000;
/** Records that are read for all listeners in a tick; more are counted as missed. */
const readMax = 500;
/** Events that one listener is told of in a tick. */
const toldMax = 60;
const firstMax = 40;
const unreadBytesMax = 1024 * 1024;
const reconnectMs = 3_000;

interface Pending {
  readonly records: { readonly record: Uint8Array; readonly failed: boolean }[];
  received: number;
}

/** Makes the tail; it reads nothing while nobody listens. */
export function createEventTail({
  feed,
  clock,
}: {
  readonly feed: EventFeed;
  readonly clock: Clock;
}): EventTail {
  /** With what each was not told while he did not read. */
  const listeners = new Map<TailListener, number>();
  const room = createListenerRoom(roomLimits);
  let pending: Pending = { records: [], received: 0 };
  let stop: (() => void) | undefined;
  let isClosed = false;
  const take = ({ stored, failed }: FedRecords): void => {
    pending.received += stored.length + failed.length;
    // What failed is rare and looked for, so it goes first.
    for (const record of failed)
      if (pending.records.length < readMax) pending.records.push({ record, failed: true });
    for (const record of stored)
      if (pending.records.length < readMax) pending.records.push({ record, failed: false });
  };
  const tick = (): void => {
    const { records, received } = pending;
    pending = { records: [], received: 0 };
    const events = records.map(({ record, failed }) => parse(record, failed));
    const unread = received - records.length;
    for (const [listener, owed] of listeners) {
      const missed = tell(listener, events, { received, unread: unread + owed });
      listeners.set(listener, missed);
    }
  };
  const begin = (): void => {
    const unlisten = feed.listen(take);
    let askedMs = clock.now();
    const timer = setInterval(() => {
      tick();
      if (clock.now() - askedMs < askMs) return;
      askedMs = clock.now();
      for (const listener of listeners.keys()) if (!listener.allowed()) listener.response.end();
    }, tickMs);
    stop = () => {
      clearInterval(timer);
      unlisten();
      pending = { records: [], received: 0 };
      stop = undefined;
    };
  };
  return {
    join: async (listener) => {
      const { response } = listener;
      const leave = room.enter(listener.caller);
      const { stored, failed } = await feed.newest(firstMax).catch((error: unknown) => {
        leave();
        throw error;
      });
      if (response.destroyed) return leave();
      if (isClosed) {
        leave();
        throw new OctavoError('log_closed');
      }
      response.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      });
      response.write(`retry: ${reconnectMs}\n\n`);
      const first = [
        ...stored.map((record) => parse(record, false)),
        ...failed.map((record) => parse(record, true)),
      ].toSorted((one, other) => (one.at < other.at ? -1 : 1));
      tell(listener, first, { received: 0, unread: 0 });
      listeners.set(listener, 0);
      if (stop === undefined) begin();
      response.on('close', () => {
        leave();
        listeners.delete(listener);
        if (listeners.size === 0) stop?.();
      });
    },
    close: () => {
      isClosed = true;
      stop?.();
      for (const { response } of listeners.keys()) response.end();
    },
  };
}

/** The newest of the log that match, whole, oldest first: for whoever owns the log. */
export async function matchingNewest(feed: EventFeed, filter: TailFilter): Promise<readonly TailEvent[]> {
  const { stored, failed } = await feed.newest(newestMax);
  return [...stored.map((record) => parse(record, false)), ...failed.map((record) => parse(record, true))]
    .filter((event) => matches(event, { ...filter, failed: String(filter.failed) === 'true' }))
    .toSorted((one, other) => (one.at < other.at ? -1 : 1))
    .map(({ reader: _reader, ...event }) => event);
}

const newestMax = 200;

interface Parsed extends TailEvent {
  readonly reader: string | undefined;
}

/** Tells a listener; how many events he was not told of because he does not read. */
function tell(
  { response, filter, personal }: TailListener,
  events: readonly Parsed[],
  { received, unread }: { readonly received: number; readonly unread: number },
): number {
  const wanted = events.map((event) => shown(event, personal)).filter((event) => matches(event, filter));
  const told = wanted.slice(-toldMax);
  const news: TailNews = {
    events: told.map(({ reader: _reader, ...event }) => event),
    received,
    seconds: tickMs / 1000,
    missed: unread + wanted.length - told.length,
  };
  // Who does not read has nothing kept for him; the next tick may find him reading again.
  if (response.writableLength > unreadBytesMax) return unread + wanted.length;
  response.write(`event: events\ndata: ${JSON.stringify(news)}\n\n`);
  return 0;
}

function parse(record: Uint8Array, failed: boolean): Parsed {
  const json = JSON.parse(
    Buffer.from(record.buffer, record.byteOffset, record.byteLength).toString(),
  ) as Record<string, unknown>;
  if (!failed) {
    return {
      at: String(json['received_at']),
      kind: String(json['kind']),
      source: String(json['source']),
      error: null,
      event: json,
      reader: typeof json['reader_id'] === 'string' ? json['reader_id'] : undefined,
    };
  }
  const raw = parseRaw(String(json['raw']));
  const inner = raw !== null && typeof raw === 'object' ? (raw as Record<string, unknown>) : {};
  const { code, path, message } = json['error'] as { code: string; path: string; message: string };
  return {
    at: String(json['received_at']),
    kind: typeof inner['kind'] === 'string' ? inner['kind'].slice(0, 64) : null,
    source: String(json['source']),
    error: { code, path, message },
    event: raw,
    reader: typeof inner['reader_id'] === 'string' ? inner['reader_id'] : undefined,
  };
}

function shown(event: Parsed, personal: boolean): Parsed {
  if (personal) return event;
  if (event.error !== null) {
    // The message may quote what is wrong.
    return { ...event, event: hideContents(event.event), error: { ...event.error, message: '' } };
  }
  return { ...event, event: hidePersonal(event.event as Record<string, unknown>, event.kind ?? '') };
}

function matches(event: Parsed, { kind, source, reader, text, failed }: TailFilter): boolean {
  if (kind !== undefined && event.kind !== kind) return false;
  if (source !== undefined && event.source !== source) return false;
  if (failed === true && event.error === null) return false;
  if (reader !== undefined && event.reader !== reader) return false;
  return text === undefined || JSON.stringify(event.event).toLowerCase().includes(text.toLowerCase());
}

/** A refused event's text as it is kept: JSON, unless it was too long for that. */
export function parseRaw(raw: string): unknown {
  try {
    return JSON.parse(raw);
  } catch {
    return raw;
  }
}
