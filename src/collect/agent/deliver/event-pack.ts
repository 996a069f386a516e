import { BytePool } from './byte-pool.ts';

/**
 * Events as JSON beside each other in memory, each with a comma behind it, so that a body is one stretch of bytes and nothing
 * is made for a single event. The visit of an event is written into its place when it is known.
 */
export interface EventPack {
  readonly bytes: Buffer;
  readonly count: number;
  /** Where each event begins; one more than there are events. */
  readonly places: Uint32Array;
  /** What its visit is known by: an address with a user agent, or a reader. */
  readonly keys: Float64Array;
  /** Epoch milliseconds. */
  readonly times: Float64Array;
  /** Where the id of the visit is to be written; 0 when there is none. */
  readonly visits: Uint32Array;
  /** Readers of events, where they are known: what keeps their order then. */
  readonly readers: ReadonlyMap<number, string>;
}

/** Events of a pack that lie beside each other. */
export interface EventRange {
  readonly pack: EventPack;
  readonly from: number;
  readonly to: number;
}

/** The JSON of events with commas between. */
export function bytesOf({ pack, from, to }: EventRange): Buffer {
  const start = pack.places[from] ?? 0;
  const end = pack.places[to] ?? 0;
  return pack.bytes.subarray(start, Math.max(start, end - 1));
}

/** The JSON of one event. */
export function eventAt({ pack, from }: EventRange, index: number): string {
  return bytesOf({ pack, from: from + index, to: from + index + 1 }).toString();
}

/** Letters of a visit's id. */
export const visitLetters = 24;
const placeholder = '0'.repeat(visitLetters);
const visitField = ',"session_id":"';

/** Takes events one after another. Who writes bytes of their own asks for room first, and moves `at` on. */
export class PackWriter {
  bytes: Buffer;
  /** Over the same bytes. */
  view: DataView;
  at = 0;
  count = 0;
  readonly #pool: BytePool;
  readonly #places: Uint32Array;
  readonly #keys: Float64Array;
  readonly #times: Float64Array;
  readonly #visits: Uint32Array;
  readonly #readers = new Map<number, string>();

  /** @param pool - gets the bytes back from who has the pack, once it is delivered */
  constructor(eventsMax: number, expectedBytes: number, pool = new BytePool(0)) {
    this.#pool = pool;
    this.bytes = pool.take(Math.max(expectedBytes, 1024));
    this.view = viewOf(this.bytes);
    this.#places = new Uint32Array(eventsMax + 1);
    this.#keys = new Float64Array(eventsMax);
    this.#times = new Float64Array(eventsMax);
    this.#visits = new Uint32Array(eventsMax);
  }

  /** Makes sure that so many bytes can be written. */
  room(lengthBytes: number): void {
    if (this.at + lengthBytes <= this.bytes.length) return;
    const larger = this.#pool.take(Math.max(this.bytes.length * 2, this.at + lengthBytes));
    this.bytes.copy(larger, 0, 0, this.at);
    this.#pool.give(this.bytes);
    this.bytes = larger;
    this.view = viewOf(larger);
  }

  /** Ends the event that was written up to `at`. */
  end({ visit, timeMs, visitAt, reader }: EventEnd): void {
    const { count } = this;
    this.#keys[count] = visit;
    this.#times[count] = timeMs;
    this.#visits[count] = visitAt;
    if (reader !== undefined) this.#readers.set(count, reader);
    this.count = count + 1;
    this.#places[count + 1] = this.at;
  }

  /**
   * Writes an event given as text.
   *
   * @param textWith - gives its JSON with the visit that it is given, or without one
   */
  add(
    textWith: (visit: string | undefined) => string,
    withVisit: boolean,
    end: Omit<EventEnd, 'visitAt'>,
  ): void {
    const text = textWith(withVisit ? placeholder : undefined);
    this.room(text.length * 3 + 1);
    let visitAt = 0;
    let rest = text;
    if (withVisit) {
      // No text of an event has a bare quote, so this is the field.
      const before = text.indexOf(visitField) + visitField.length;
      this.at += this.bytes.write(text.slice(0, before), this.at);
      visitAt = this.at;
      rest = text.slice(before);
    }
    this.at += this.bytes.write(rest, this.at);
    this.bytes[this.at++] = comma;
    this.end({ ...end, visitAt });
  }

  pack(): EventPack {
    return {
      bytes: this.bytes,
      count: this.count,
      places: this.#places,
      keys: this.#keys,
      times: this.#times,
      visits: this.#visits,
      readers: this.#readers,
    };
  }
}

function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The events of several packs as one. */
export function joinPacks(packs: readonly EventPack[]): EventPack {
  const [first, ...others] = packs;
  if (first !== undefined && others.length === 0) return first;
  const count = packs.reduce((sum, pack) => sum + pack.count, 0);
  const places = new Uint32Array(count + 1);
  const visits = new Uint32Array(count);
  const keys = new Float64Array(count);
  const times = new Float64Array(count);
  const readers = new Map<number, string>();
  const parts: Buffer[] = [];
  let [event, at] = [0, 0];
  for (const pack of packs) {
    const length = pack.places[pack.count] ?? 0;
    parts.push(pack.bytes.subarray(0, length));
    keys.set(pack.keys.subarray(0, pack.count), event);
    times.set(pack.times.subarray(0, pack.count), event);
    for (let index = 0; index < pack.count; index++) {
      const visit = pack.visits[index] ?? 0;
      visits[event + index] = visit === 0 ? 0 : visit + at;
      places[event + index + 1] = (pack.places[index + 1] ?? 0) + at;
    }
    for (const [index, reader] of pack.readers) readers.set(event + index, reader);
    event += pack.count;
    at += length;
  }
  return { bytes: Buffer.concat(parts, at), count, places, keys, times, visits, readers };
}

/** What is known of an event beside its bytes. */
export interface EventEnd {
  /** What its visit is known by. */
  readonly visit: number;
  readonly timeMs: number;
  /** Where the id of the visit is to be written; 0 when there is none. */
  readonly visitAt: number;
  readonly reader: string | undefined;
}

const comma = 44;

/** Writes the id of a visit, by its key and a time of it, to a place. */
export type WriteVisit = (key: number, timeMs: number, out: Uint8Array, at: number) => void;

/** Writes each event's visit. */
export function fillVisits({ bytes, count, keys, times, visits }: EventPack, write: WriteVisit): void {
  for (let index = 0; index < count; index++) {
    const at = visits[index] ?? 0;
    if (at !== 0) write(keys[index] ?? 0, times[index] ?? 0, bytes, at);
  }
}
