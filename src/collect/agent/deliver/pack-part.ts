import { partitionOfKey } from '../../append-events.ts';
import type { PackedRecords } from '../../event-log.ts';
import type { EventPack, EventRange } from './event-pack.ts';

/** Events of a pack that go to one partition, as records: their JSON with an ending in place of its last bracket. */
export class PackPart implements PackedRecords {
  count = 0;
  byteLength = 0;
  readonly #pack: EventPack;
  readonly #ending: Uint8Array;
  /** Numbers of the events in the pack. */
  readonly #events: Uint32Array;

  constructor(pack: EventPack, ending: Uint8Array, eventsMax: number) {
    this.#pack = pack;
    this.#ending = ending;
    this.#events = new Uint32Array(eventsMax);
  }

  /** Adds an event of the pack. */
  add(event: number): void {
    this.#events[this.count] = event;
    this.byteLength += this.lengthOf(this.count);
    this.count += 1;
  }

  lengthOf(index: number): number {
    const { places } = this.#pack;
    const event = this.#events[index] ?? 0;
    // Its closing bracket and the comma are left out.
    return (places[event + 1] ?? 0) - (places[event] ?? 0) - 2 + this.#ending.length;
  }

  copyTo(target: Buffer, at: number): void {
    const { bytes, places } = this.#pack;
    const ending = this.#ending;
    for (let index = 0; index < this.count; index++) {
      const event = this.#events[index] ?? 0;
      at += bytes.copy(target, at, places[event], (places[event + 1] ?? 0) - 2);
      target.set(ending, at);
      at += ending.length;
    }
  }

  /** The records, each for itself. */
  records(): readonly Uint8Array[] {
    const block = Buffer.allocUnsafeSlow(this.byteLength);
    this.copyTo(block, 0);
    let at = 0;
    return Array.from({ length: this.count }, (_, index) => {
      const start = at;
      at += this.lengthOf(index);
      return block.subarray(start, at);
    });
  }

  /** What other readers of the log know each record by: its reader, else its visitor. */
  keys(): readonly string[] {
    const { readers, keys } = this.#pack;
    return Array.from(this.#events.subarray(0, this.count), (event) => {
      return readers.get(event) ?? String(keys[event] ?? 0);
    });
  }
}

/** The events of a range by their partitions. */
export function partsOf(
  { pack, from, to }: EventRange,
  partitions: number,
  ending: Uint8Array,
): readonly PackPart[] {
  const parts = Array.from({ length: partitions }, () => new PackPart(pack, ending, to - from));
  for (let event = from; event < to; event++) parts[placeOf(pack, event, partitions)]?.add(event);
  return parts;
}

/** The partition of an event: its reader's, wherever else the reader's events come from, or the visitor's. */
function placeOf({ readers, keys }: EventPack, index: number, partitions: number): number {
  if (partitions === 1) return 0;
  const reader = readers.size === 0 ? undefined : readers.get(index);
  return reader === undefined ? (keys[index] ?? 0) % partitions : partitionOfKey(reader, partitions);
}
