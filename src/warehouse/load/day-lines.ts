import { join } from 'node:path';
import { uuidv7, type BusinessDay } from '../../base/index.ts';
import type { Warehouse } from '../warehouse-port.ts';
import { firstOpenDay } from './business-days.ts';
import { DayFile, type DayLines } from './day-file.ts';
import type { LogRecord } from './read-records.ts';
import { occurredMs } from './record-time.ts';

/**
 * Writes the records by the day for which they count into files of the engine's scratch folder. Undefined when that cannot be
 * told from their bytes, or when there are very many days; nothing is left behind then, nor after an error.
 */
export async function writeDayLines(
  warehouse: Warehouse,
  records: readonly LogRecord[],
  sealed: ReadonlySet<BusinessDay>,
): Promise<readonly DayLines[] | undefined> {
  const days = new Days(warehouse, sealed);
  try {
    for (const record of records) {
      const { bytes } = record;
      const ms = bytes[0] === openBrace ? occurredMs(bytes) : undefined;
      const day = ms === undefined ? undefined : days.of(ms);
      if (day === undefined) {
        await days.drop();
        return undefined;
      }
      if (!day.add(record)) {
        await day.flush();
        day.add(record);
      }
    }
    return await days.finish();
  } catch (error) {
    await days.drop();
    throw error;
  }
}

/** Removes the files. */
export async function removeLines(warehouse: Warehouse, lines: readonly DayLines[]): Promise<void> {
  for (const { path } of lines) await warehouse.context.storage.remove(path).catch(() => undefined);
}

interface Span {
  readonly startMs: number;
  readonly endMs: number;
  readonly file: DayFile;
}

/** The files that are being written, found by instant. */
class Days {
  readonly #warehouse: Warehouse;
  readonly #sealed: ReadonlySet<BusinessDay>;
  readonly #files = new Map<string, DayFile>();
  readonly #spans: Span[] = [];
  #last: Span | undefined;

  constructor(warehouse: Warehouse, sealed: ReadonlySet<BusinessDay>) {
    this.#warehouse = warehouse;
    this.#sealed = sealed;
  }

  of(ms: number): DayFile | undefined {
    const last = this.#last;
    if (last !== undefined && ms >= last.startMs && ms < last.endMs) return last.file;
    this.#last = this.#spans.find(({ startMs, endMs }) => ms >= startMs && ms < endMs) ?? this.#span(ms);
    return this.#last?.file;
  }

  async finish(): Promise<readonly DayLines[]> {
    const files = [...this.#files.values()];
    for (const file of files) await file.close();
    return files.map((file) => file.lines());
  }

  async drop(): Promise<void> {
    for (const file of this.#files.values()) {
      await file.close().catch(() => undefined);
      await this.#warehouse.context.storage.remove(file.path).catch(() => undefined);
    }
  }

  #span(ms: number): Span | undefined {
    const { calendar, engine, context } = this.#warehouse;
    if (this.#spans.length >= daysMax) return undefined;
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

const daysMax = 16;
const openBrace = 0x7b;
