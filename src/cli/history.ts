import { join } from 'node:path';
import { OctavoError, type BusinessDay } from '../base/index.ts';
import { openShopDatabase, writeHistory, type ShopDatabase, type World } from '../simulate/index.ts';
import { appendEvents } from '../collect/index.ts';
import type { Platform } from './platform.ts';
import type { StepReport } from './progress.ts';

/** What is simulated; what is left out is as the store was made before, or the default. */
export interface HistoryRequest {
  /** Days up to yesterday; of a store that is there already, the first day stays. Default 30. */
  readonly days?: number;
  /** Default 1. */
  readonly scale?: number;
  /** Default 1. */
  readonly seed?: number;
}

/** A world at the end of its history, and the shop's database that it goes on to write. */
export interface SimulatedStore {
  readonly world: World;
  readonly shop: ShopDatabase;
  readonly days: readonly BusinessDay[];
  /** Days that were not there before. */
  readonly written: number;
  /** Events of the newest week, a day. */
  readonly eventsPerDay: number;
}

/** Opens the shop's database where the project's configuration expects it. Errors: `config_invalid`. */
export function openShop(platform: Platform): ShopDatabase {
  const source = Object.values(platform.sources).find((candidate) => candidate.type === 'sqlite');
  if (source === undefined)
    throw new OctavoError(
      'config_invalid',
      'octavo.config.ts: a simulated store needs a source of type sqlite',
    );
  return openShopDatabase(source.path);
}

/**
 * Writes history up to yesterday into the event log and the shop's database; what is there already stays.
 * Errors: `argument_invalid` for a store that was made with another seed or scale, `cancelled` between two days.
 */
export async function simulateHistory(
  platform: Platform,
  request: HistoryRequest,
  report: StepReport,
  signal?: AbortSignal,
): Promise<SimulatedStore> {
  const { ownership, calendar, clock, storage, dataFolder } = platform;
  if (ownership === undefined) throw new OctavoError('internal', 'history needs the data folder for itself');
  const shop = openShop(platform);
  try {
    const [known] = shop.days();
    const until = calendar.addDays(calendar.dayOf(clock.now()), -1);
    const wanted = request.days ?? daysDefault;
    const total = known === undefined ? wanted : calendar.daysBetween(known.firstDay, until) + 1;
    const history = writeHistory({
      days: wanted,
      seed: request.seed ?? known?.seed ?? 1,
      scale: request.scale ?? known?.scale ?? 1,
      until,
      calendar,
      shop,
      appendEvents: async (events) => {
        await appendEvents(ownership.logs.events, events);
      },
      writeTruth: async (name, text) => storage.write(join(dataFolder, 'truth', name), text),
    });
    const days: BusinessDay[] = [];
    const eventsOfDays: number[] = [];
    const totals = { days: 0, events: 0, orders: 0 };
    for (;;) {
      signal?.throwIfAborted();
      const step = await history.next();
      if (step.done === true) {
        const week = eventsOfDays.slice(-7);
        const eventsPerDay = week.reduce((sum, events) => sum + events, 0) / Math.max(1, week.length);
        return { world: step.value, shop, days, written: totals.days, eventsPerDay };
      }
      days.push(step.value.day);
      eventsOfDays.push(step.value.truth.events);
      report.progress(days.length, total, 'days');
      if (step.value.written) {
        totals.days += 1;
        totals.events += step.value.truth.events;
        totals.orders += step.value.truth.orders;
        report.count(totals);
      }
    }
  } catch (error) {
    shop.close();
    throw error;
  }
}

const daysDefault = 30;
