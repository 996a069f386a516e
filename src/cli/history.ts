import { join } from 'node:path';
import { OctavoError, type BusinessDay } from '../base/index.ts';
import { openShopDatabase, writeHistory, type ShopDatabase, type World } from '../simulate/index.ts';
import { appendEvents } from '../collect/index.ts';
import type { Platform } from './platform.ts';
import type { StepReport } from './progress.ts';

/** What is simulated. */
export interface HistoryRequest {
  readonly days: number;
  readonly scale: number;
  readonly seed: number;
}

/** A world at the end of its history, and the shop's database that it goes on to write. */
export interface SimulatedStore {
  readonly world: World;
  readonly shop: ShopDatabase;
  readonly days: readonly BusinessDay[];
  /** Days that were not there before. */
  readonly written: number;
}

/** Opens the shop's database where the project's configuration expects it. Errors: `config_invalid`. */
export function openShop(platform: Platform): ShopDatabase {
  const source = Object.values(platform.sources).find(({ type }) => type === 'sqlite');
  if (source === undefined)
    throw new OctavoError('config_invalid', 'a simulated store needs a source of type sqlite');
  return openShopDatabase(source.path);
}

/** Writes history up to yesterday into the event log and the shop's database; what is there already stays. */
export async function simulateHistory(
  platform: Platform,
  request: HistoryRequest,
  report: StepReport,
): Promise<SimulatedStore> {
  const { ownership, calendar, clock, storage, dataFolder } = platform;
  if (ownership === undefined) throw new OctavoError('internal', 'history needs the data folder for itself');
  const shop = openShop(platform);
  const history = writeHistory({
    ...request,
    until: calendar.addDays(calendar.dayOf(clock.now()), -1),
    calendar,
    shop,
    appendEvents: async (events) => {
      await appendEvents(ownership.logs.events, events);
    },
    writeTruth: async (name, text) => storage.write(join(dataFolder, 'truth', name), text),
  });
  const days: BusinessDay[] = [];
  const totals = { days: 0, events: 0, orders: 0 };
  for (;;) {
    const step = await history.next();
    if (step.done === true) return { world: step.value, shop, days, written: totals.days };
    days.push(step.value.day);
    report.progress(days.length, request.days, 'days');
    if (step.value.written) {
      totals.days += 1;
      totals.events += step.value.truth.events;
      totals.orders += step.value.truth.orders;
      report.count(totals);
    }
  }
}
