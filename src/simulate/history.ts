import { OctavoError, type BusinessDay, type Calendar } from '../base/index.ts';
import type { StoredEvent } from '../event/index.ts';
import type { ShopDatabase } from './shop-database.ts';
import { createWorld, type DayTruth, type World } from './world.ts';

/** Where history is written to. */
export interface HistorySinks {
  /** Takes a batch into the event log; resolves when it is durable. Called in the order of receipt. */
  readonly appendEvents: (events: readonly StoredEvent[]) => Promise<void>;
  readonly shop: ShopDatabase;
  /** Takes a file of the ground truth. */
  readonly writeTruth: (name: string, text: string) => Promise<void>;
}

/** What history is asked for. */
export interface HistoryOptions extends HistorySinks {
  /** Number of days when there is no history yet. */
  readonly days: number;
  /** The last day. */
  readonly until: BusinessDay;
  readonly seed: number;
  readonly scale: number;
  readonly calendar?: Calendar;
  readonly eventsInBatchMax?: number;
}

/** A day of history, written now or before. */
export interface WrittenDay {
  readonly day: BusinessDay;
  readonly written: boolean;
  readonly truth: DayTruth;
}

/**
 * Writes history day by day, and returns the world at its end. A day that the shop's database holds
 * is lived through again, but not written. Events go first and the shop's rows last in one
 * transaction: a day that was cut off is written again whole, its events with the same ids.
 */
export async function* writeHistory(options: HistoryOptions): AsyncGenerator<WrittenDay, World> {
  const known = options.shop.days();
  const first = known[0];
  if (first !== undefined && (first.seed !== options.seed || first.scale !== options.scale)) {
    const made = `seed ${first.seed} and scale ${first.scale}`;
    throw new OctavoError(
      'argument_invalid',
      `this data folder was made with ${made}; use the same, or another folder`,
    );
  }
  const world = openWorld(options, first?.firstDay);
  const writtenDays = new Map(known.map((row, index) => [row.day, index]));
  const batchMax = options.eventsInBatchMax ?? 1000;
  const { calendar } = world;
  let ids = { order: 0, line: 0, refund: 0, rating: 0 };
  for (const day of calendar.range(world.options.firstDay, options.until)) {
    const old = writtenDays.has(day);
    if (!old) ids = options.shop.ids();
    const result = world.next(ids);
    ids = {
      order: ids.order + result.truth.orders,
      line: ids.line + result.truth.lines,
      refund: ids.refund + result.truth.refunds,
      rating: ids.rating + (result.rows.ratings?.length ?? 0),
    };
    if (!old) {
      for (let from = 0; from < result.events.length; from += batchMax) {
        await options.appendEvents(result.events.slice(from, from + batchMax));
      }
      await options.writeTruth(`day-${day}.json`, `${JSON.stringify(result.truth)}\n`);
      options.shop.write(result.rows);
    }
    yield { day, written: !old, truth: result.truth };
  }
  await options.writeTruth('readers.json', `${JSON.stringify(world.readers)}\n`);
  return world;
}

function openWorld(options: HistoryOptions, firstKnown: BusinessDay | undefined): World {
  const scratch = createWorld({
    seed: options.seed,
    scale: 0,
    firstDay: options.until,
    ...(options.calendar && { calendar: options.calendar }),
  });
  const firstDay = firstKnown ?? scratch.calendar.addDays(options.until, 1 - options.days);
  return createWorld({
    seed: options.seed,
    scale: options.scale,
    firstDay,
    calendar: scratch.calendar,
  });
}
