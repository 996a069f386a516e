/**
 * Events as JSON beside each other in memory, each with a comma behind it, so that a body is one stretch of bytes and nothing
 * is made for a single event. The visit of an event is written into its place when it is known.
 */
export interface EventPack {
  readonly bytes: Buffer;
  readonly count: number;
  /** Where each event begins; one more than there are events. */
  readonly places: Uint32Array;
  /** What keeps a reader's events together, and what its visit is known by. */
  readonly keys: Float64Array;
  /** Epoch milliseconds. */
  readonly times: Float64Array;
  /** Where the id of the visit is to be written; 0 when there is none. */
  readonly visits: Uint32Array;
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
  at = 0;
  count = 0;
  readonly #places: Uint32Array;
  readonly #keys: Float64Array;
  readonly #times: Float64Array;
  readonly #visits: Uint32Array;

  constructor(eventsMax: number, expectedBytes: number) {
    this.bytes = Buffer.allocUnsafeSlow(Math.max(expectedBytes, 1024));
    this.#places = new Uint32Array(eventsMax + 1);
    this.#keys = new Float64Array(eventsMax);
    this.#times = new Float64Array(eventsMax);
    this.#visits = new Uint32Array(eventsMax);
  }

  /** Makes sure that so many bytes can be written. */
  room(lengthBytes: number): void {
    if (this.at + lengthBytes <= this.bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.bytes.length * 2, this.at + lengthBytes));
    this.bytes.copy(larger, 0, 0, this.at);
    this.bytes = larger;
  }

  /** Ends the event that was written up to `at`. */
  end(key: number, timeMs: number, visitAt: number): void {
    const { count } = this;
    this.#keys[count] = key;
    this.#times[count] = timeMs;
    this.#visits[count] = visitAt;
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
    key: number,
    timeMs: number,
  ): void {
    const text = textWith(withVisit ? placeholder : undefined);
    this.room(text.length * 3 + 1);
    let visitAt = 0;
    let rest = text;
    if (withVisit) {
      // No text of an event has a bare quote, so this is the field.
      const end = text.indexOf(visitField) + visitField.length;
      this.at += this.bytes.write(text.slice(0, end), this.at);
      visitAt = this.at;
      rest = text.slice(end);
    }
    this.at += this.bytes.write(rest, this.at);
    this.bytes[this.at++] = comma;
    this.end(key, timeMs, visitAt);
  }

  pack(): EventPack {
    const [places, keys, times, visits] = [this.#places, this.#keys, this.#times, this.#visits];
    return { bytes: this.bytes, count: this.count, places, keys, times, visits };
  }
}

const comma = 44;

/** Writes each event's visit. */
export function fillVisits(pack: EventPack, idAt: (key: number, timeMs: number) => string): void {
  const { bytes, count, keys, times, visits } = pack;
  for (let index = 0; index < count; index++) {
    const at = visits[index] ?? 0;
    if (at === 0) continue;
    const id = idAt(keys[index] ?? 0, times[index] ?? 0);
    for (let letter = 0; letter < visitLetters; letter++) bytes[at + letter] = id.charCodeAt(letter);
  }
}
