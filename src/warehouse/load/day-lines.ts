import { join } from 'node:path';
import { uuidv7, type BusinessDay } from '../../base/index.ts';
import type { Warehouse } from '../warehouse-port.ts';
import { firstOpenDay } from './business-days.ts';
import { DayFile, type DayLinesFile } from './day-file.ts';
import { occurredMs } from './record-time.ts';
import type { TakenRun } from './take-records.ts';

/** Why records are no files of lines: one of them has no day that its bytes tell, or they are of too many days. */
export type LinesRefusal = 'record' | 'days';

interface Span {
  readonly startMs: number;
  readonly endMs: number;
  readonly file: DayFile;
}

/** Records as lines in the engine's scratch folder, in a file for each day for which they count. */
export class DayLines {
  readonly #warehouse: Warehouse;
  readonly #sealed: ReadonlySet<BusinessDay>;
  readonly #files = new Map<string, DayFile>();
  readonly #spans: Span[] = [];
  #last: Span | undefined;
  #turn: Promise<void> = Promise.resolve();
  #refusal: LinesRefusal | undefined;
  #isRemoved = false;

  constructor(warehouse: Warehouse, sealed: ReadonlySet<BusinessDay>) {
    this.#warehouse = warehouse;
    this.#sealed = sealed;
  }

  /** Writes the records of a run, after those of the calls before. */
  add(run: TakenRun): Promise<void> {
    this.#turn = this.#turn.then(() => this.#add(run));
    return this.#turn;
  }

  /** Ends the files. */
  async finish(): Promise<void> {
    for (const file of this.#files.values()) await file.close();
  }

  /** Why there are no files. */
  get refusal(): LinesRefusal | undefined {
    return this.#refusal;
  }

  /** The files; undefined when there is a refusal. */
  get files(): readonly DayLinesFile[] | undefined {
    return this.#refusal === undefined ? [...this.#files.values()].map((file) => file.lines()) : undefined;
  }

  async remove(): Promise<void> {
    this.#isRemoved = true;
    await this.#turn.catch(() => undefined);
    for (const file of this.#files.values()) {
      await file.close().catch(() => undefined);
      await this.#warehouse.context.storage.remove(file.path).catch(() => undefined);
    }
  }

  async #add(run: TakenRun): Promise<void> {
    const { bytes, bounds } = run;
    for (
      let index = 0;
      this.#refusal === undefined && !this.#isRemoved && index < bounds.length - 1;
      index++
    ) {
      const [start, end] = [bounds[index] ?? 0, bounds[index + 1] ?? 0];
      const ms = bytes[start] === openBrace ? occurredMs(bytes, start, end) : undefined;
      const day = ms === undefined ? undefined : this.#dayOf(ms);
      if (day === undefined) {
        this.#refusal ??= 'record';
        return;
      }
      if (day.add(run, index)) continue;
      await day.flush();
      day.add(run, index);
    }
  }

  #dayOf(ms: number): DayFile | undefined {
    const last = this.#last;
    if (last !== undefined && ms >= last.startMs && ms < last.endMs) return last.file;
    this.#last = this.#spans.find(({ startMs, endMs }) => ms >= startMs && ms < endMs) ?? this.#span(ms);
    return this.#last?.file;
  }

  #span(ms: number): Span | undefined {
    const { calendar, engine, context } = this.#warehouse;
    // What a client wrote further inside may be any instant: the calendar knows none so far away.
    if (ms < calendarStartMs || ms >= calendarEndMs) return undefined;
    if (this.#spans.length >= daysMax) {
      this.#refusal = 'days';
      return undefined;
    }
    const own = calendar.dayOf(ms);
    const counted = firstOpenDay(calendar, own, this.#sealed);
    const late = counted !== own;
    const key = `${counted} ${late}`;
    const interval = calendar.intervalOf(own);
    let file = this.#files.get(key);
    if (file === undefined) {
      const name = uuidv7({ nowMs: context.clock.now(), next: () => context.random.next() });
      file = new DayFile(context.storage, {
        path: join(engine.scratch, `${name}.ndjson`),
        day: counted,
        late,
      });
      this.#files.set(key, file);
    }
    file.cover(interval.startMs, interval.endMs);
    const span = { ...interval, file };
    this.#spans.push(span);
    return span;
  }
}

/** Each day that is not sealed holds a piece of half a mebibyte. */
const daysMax = 32;
const [calendarStartMs, calendarEndMs] = [Date.UTC(1900, 0, 1), Date.UTC(2200, 0, 1)];
const openBrace = 0x7b;
