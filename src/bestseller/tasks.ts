import type { BusinessDay } from '../base/index.ts';
import { defineTask, type Task, type TaskRef } from '../batch/index.ts';
import type { ServingStore } from '../serving/index.ts';
import { dayStamps, publishList } from './compute.ts';
import { ruleVersion, type BestsellerList } from './list.ts';
import { createNewestEntries } from './newest-entries.ts';
import type { SalesWarehouse } from './warehouse.ts';
import { windowOf } from './window.ts';

/** What the batch tasks of a project's lists are made from. */
export interface BestsellerTasksOptions {
  readonly lists: readonly BestsellerList[];
  readonly warehouse: SalesWarehouse;
  readonly store: ServingStore;
  readonly codeVersion: string;
  /** The task that builds a table for a day; undefined when nothing builds it. Default `model:<name>(day)` for `model.*`. */
  readonly builder?: (table: string, day: BusinessDay) => TaskRef | undefined;
}

/**
 * A daily task `bestseller:<list>` for every list. It is done when the day's current edition was made by
 * the list's rules from the window's days as they are built now.
 */
export function bestsellerTasks(options: BestsellerTasksOptions): readonly Task[] {
  const { warehouse, store, builder = modelTask } = options;
  const newest = createNewestEntries();
  return options.lists.map((list) =>
    defineTask({
      name: `bestseller:${list.id}`,
      description: {
        en: `Counts and publishes the list '${list.title.en}'`,
        ko: `'${list.title.ko}' 목록을 세어 발행합니다`,
      },
      parameters: { day: { type: 'day', description: 'business day of the edition' } },
      daily: true,
      needs: ({ day }) => {
        const { lines, refunds, ...others } = list.tables;
        const { from, to } = windowOf(warehouse.calendar, list.window, day);
        const counted = warehouse.calendar.range(from, to);
        return [
          ...[lines, refunds].flatMap((table) => counted.map((one) => builder(table, one))),
          ...Object.values(others).map((table) => builder(table, day)),
        ].filter((need) => need !== undefined);
      },
      lineage: { reads: Object.values(list.tables), makes: [`edition:bestseller/${list.id}`] },
      target: ({ day }) => ({
        description: `edition of ${list.id}, day ${day}`,
        exists: () => isCurrent({ list, day, warehouse, store }),
      }),
      run: async ({ parameters: { day }, token, signal, count }) => {
        const edition = await publishList({
          list,
          day,
          warehouse,
          store,
          token,
          signal,
          codeVersion: options.codeVersion,
          newest,
        });
        count(edition.counts);
      },
    }),
  );
}

/** Whether the day has an edition by these rules from the days as they are built now. */
export async function isCurrent(options: {
  readonly list: BestsellerList;
  readonly day: BusinessDay;
  readonly warehouse: SalesWarehouse;
  readonly store: ServingStore;
}): Promise<boolean> {
  const { list, day, warehouse, store } = options;
  const edition = await store.current('bestseller', list.id, day);
  if (edition === undefined || edition.rule_version !== ruleVersion(list)) return false;
  const stamps = await dayStamps(warehouse, list, windowOf(warehouse.calendar, list.window, day));
  return Object.entries(stamps).every(([name, stamp]) => edition.inputs[name] === stamp);
}

function modelTask(table: string, day: BusinessDay): TaskRef | undefined {
  const [namespace, name] = table.split('.');
  return namespace === 'model' ? { task: `model:${name}`, parameters: { day } } : undefined;
}
