import { hash } from 'node:crypto';
import { visitLetters } from '../deliver/event-pack.ts';
import { VisitTable, type SavedVisit } from './visit-table.ts';

/** How visits are told apart. */
export interface SessionOptions {
  /** A visit ends after so long without a request. */
  readonly idleMs: number;
  /** How much older than the newest line before it a line may be: ids are given only when the log is that far ahead. */
  readonly reorderMs: number;
  /** Makes the ids of different agents differ. */
  readonly salt: string;
}

/**
 * Visits of readers in the time of the log. Lines are noted when they are read, in any order, and get their ids later, when
 * no earlier line of the visit can come any more: so the same lines get the same ids whatever order they lie in.
 */
export class Sessions {
  readonly #options: SessionOptions;
  #visits = new VisitTable();

  /** @param saved - what earlier sessions saved */
  constructor(options: SessionOptions, saved: readonly SavedVisit[] = []) {
    this.#options = options;
    for (const visit of saved) this.#restore(this.#visits, ...visit);
  }

  /** Notes a request. */
  see(key: number, timeMs: number): void {
    this.#note(key, timeMs, this.#visits.first(key));
  }

  /** Writes the id of the visit that a noted request belongs to, 24 letters. */
  writeId(key: number, timeMs: number, out: Uint8Array, at: number): void {
    const place = this.#settled(key, timeMs);
    const { ids } = this.#visits;
    const from = place * visitLetters;
    for (let letter = 0; letter < visitLetters; letter++) out[at + letter] = ids[from + letter] ?? 0;
  }

  /** The same as a text. */
  idAt(key: number, timeMs: number): string {
    const id = Buffer.alloc(visitLetters);
    this.writeId(key, timeMs, id, 0);
    return id.toString('latin1');
  }

  /**
   * Forgets visits that no line can belong to any more, and gives the others to be kept.
   *
   * @param floorMs - no line that is still to be read is older than this, less the time that lines may be late
   */
  save(floorMs: number): readonly SavedVisit[] {
    const before = floorMs - this.#options.idleMs - this.#options.reorderMs;
    const { count, keys, starts, lasts, fixed } = this.#visits;
    const kept: SavedVisit[] = [];
    for (let place = 0; place < count; place++) {
      const lastMs = lasts[place] ?? 0;
      if (lastMs > -Infinity && lastMs >= before)
        kept.push([keys[place] ?? 0, starts[place] ?? 0, lastMs, fixed[place] ?? 0]);
    }
    if (kept.length > visitsMax) kept.splice(0, kept.length - visitsMax);
    if (kept.length < count) {
      const fewer = new VisitTable();
      for (const visit of kept) this.#restore(fewer, ...visit);
      this.#visits = fewer;
    }
    return kept;
  }

  #restore(table: VisitTable, ...[key, startMs, lastMs, fixedMs]: SavedVisit): void {
    const place = table.add(key, startMs, lastMs, fixedMs);
    if (fixedMs !== 0) this.#giveId(table, place);
  }

  #settled(key: number, timeMs: number): number {
    const visits = this.#visits;
    const first = visits.first(key);
    const known = this.#visitAt(first, timeMs);
    const place = known < 0 ? this.#note(key, timeMs, first) : known;
    if (visits.fixed[place] === 0) {
      visits.fixed[place] = visits.starts[place] ?? 0;
      this.#giveId(visits, place);
    }
    return place;
  }

  #giveId({ ids, keys, fixed }: VisitTable, place: number): void {
    const id = hash('sha256', `${this.#options.salt} ${keys[place]} ${fixed[place]}`);
    for (let letter = 0; letter < visitLetters; letter++)
      ids[place * visitLetters + letter] = id.charCodeAt(letter);
  }

  /** Of the visits from a first one on. */
  #visitAt(first: number, timeMs: number): number {
    const visits = this.#visits;
    const { idleMs } = this.#options;
    for (let place = first; place >= 0; place = visits.after(place)) {
      const startMs = visits.starts[place] ?? 0;
      if (timeMs >= startMs - idleMs && timeMs <= (visits.lasts[place] ?? 0) + idleMs) return place;
    }
    return -1;
  }

  /** Lets a visit grow by a request, and joins it with another that it now reaches, unless both have their ids already. */
  #note(key: number, timeMs: number, first: number): number {
    const visits = this.#visits;
    const place = this.#visitAt(first, timeMs);
    if (place < 0) return visits.add(key, timeMs, timeMs, 0);
    const { starts, lasts } = visits;
    if (timeMs < (starts[place] ?? 0)) starts[place] = timeMs;
    if (timeMs > (lasts[place] ?? 0)) lasts[place] = timeMs;
    for (let other = first; other >= 0; other = visits.after(other))
      if (other !== place && this.#join(place, other)) break;
    return place;
  }

  #join(place: number, other: number): boolean {
    const { starts, lasts, fixed, ids } = this.#visits;
    const { idleMs } = this.#options;
    const [startMs = 0, otherStartMs = 0] = [starts[place], starts[other]];
    const [lastMs = 0, otherLastMs = 0] = [lasts[place], lasts[other]];
    if (otherStartMs > lastMs + idleMs || startMs > otherLastMs + idleMs) return false;
    if (fixed[other] !== 0 && fixed[place] !== 0) return false;
    starts[place] = Math.min(startMs, otherStartMs);
    lasts[place] = Math.max(lastMs, otherLastMs);
    if (fixed[other] !== 0) {
      fixed[place] = fixed[other] ?? 0;
      ids.copyWithin(place * visitLetters, other * visitLetters, (other + 1) * visitLetters);
    }
    this.#visits.remove(other);
    return true;
  }
}

/** Beyond it the visits that were noted first are forgotten: their readers begin new ones. */
const visitsMax = 1_000_000;
