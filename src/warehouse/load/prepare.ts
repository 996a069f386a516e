import type { BusinessDay } from '../../base/index.ts';
import { sealedPrefix } from '../warehouse-port.ts';
import { DayLines } from './day-lines.ts';
import type { LoaderOptions } from './loader-options.ts';
import { isOwner, offsetsOf, releaseRecords, stillThere, type LogShare, type Taken } from './log-share.ts';
import { takeRecords } from './take-records.ts';

/** Records for one commit, as files of lines. */
export interface Prepared {
  readonly taken: Taken;
  readonly sealed: ReadonlySet<BusinessDay>;
  readonly lines: DayLines;
}

type Properties = Readonly<Record<string, string>>;

/** Takes what the table does not have, and writes it as lines by day. */
export async function prepare(
  options: LoaderOptions,
  share: LogShare,
  properties: Properties,
): Promise<Prepared> {
  const sealed = sealedDaysOf(properties);
  const lines = new DayLines(options.warehouse, sealed);
  try {
    const taken = await takeRecords(share, properties, { ...options, each: (run) => lines.add(run) });
    await lines.finish();
    return { taken, sealed, lines };
  } catch (error) {
    await lines.remove();
    throw error;
  }
}

/** The next records of a share, which are prepared while those before them are written; and those before, which are released. */
export class Ahead {
  #next: Promise<Prepared | undefined> | undefined;
  #releasing: Promise<void> = Promise.resolve();

  /** Tells the log that records are in the table, while the next ones are loaded. Errors: those of the records before, too. */
  async release(share: LogShare, taken: Taken): Promise<void> {
    const before = this.#releasing;
    this.#releasing = before.catch(() => undefined).then(() => releaseRecords(share, taken));
    // Who waits for it is told.
    this.#releasing.catch(() => undefined);
    await before;
    if (!taken.more) await this.#releasing;
  }

  /** Begins with what comes after records of which the table will have got everything. */
  begin(options: LoaderOptions, share: LogShare, after: Taken, properties: Properties): void {
    // What goes wrong here goes wrong again when its turn comes, and is told then.
    this.#next = prepare(options, share, { ...properties, ...offsetsOf(share, after) }).catch(
      () => undefined,
    );
  }

  /** What was prepared; undefined, and it is removed, when the table or the share is no longer what it was prepared for. */
  async take(share: LogShare, properties: Properties): Promise<Prepared | undefined> {
    const next = this.#next;
    this.#next = undefined;
    const prepared = await next;
    if (prepared === undefined) return undefined;
    const { taken, sealed, lines } = prepared;
    const now = sealedDaysOf(properties);
    const fits =
      stillThere(share, taken, properties) &&
      isOwner(share, taken) &&
      now.size === sealed.size &&
      [...now].every((day) => sealed.has(day));
    if (fits) return prepared;
    await lines.remove();
    return undefined;
  }

  /** Removes what was prepared. */
  async drop(): Promise<void> {
    const next = this.#next;
    this.#next = undefined;
    await (await next)?.lines.remove();
    await this.#releasing.catch(() => undefined);
  }
}

/** The business days that the table's properties say are sealed. */
export function sealedDaysOf(properties: Properties): ReadonlySet<BusinessDay> {
  const names = Object.keys(properties).filter((key) => key.startsWith(sealedPrefix));
  return new Set(names.map((key) => key.slice(sealedPrefix.length)));
}
