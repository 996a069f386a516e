import type { BusinessDay, Calendar, Clock } from '../base/index.ts';
import {
  buildModel,
  extractSource,
  isModelBuilt,
  modelTable,
  sealDay,
  sourceTables,
  sourceUnits,
  type Model,
  type ModelSet,
  type SourceContext,
  type SourceUnit,
  type Warehouse,
} from '../warehouse/index.ts';
import { defineTask } from './define-task.ts';
import { latestDueDay } from './schedule.ts';
import { marker, target } from './targets.ts';
import type { Task, TaskRef } from './task.ts';

/** What the warehouse's own tasks are made from. */
export interface WarehouseTasksOptions {
  readonly warehouse: Warehouse;
  readonly sources: SourceContext;
  readonly models: ModelSet;
  readonly calendar: Calendar;
  readonly clock: Clock;
  /** Moves what is in the event log into the warehouse. */
  readonly load: () => Promise<Readonly<Record<string, number>>>;
}

/** The tasks, and who makes what. */
export interface WarehouseTasks {
  readonly tasks: readonly Task[];
  /** The task that makes a day of a table; undefined when nothing here makes it. */
  readonly maker: (table: string, day: BusinessDay) => TaskRef | undefined;
  /** Learns where the history begins: nothing makes days before it. For the registry. */
  readonly prepare: (goals: readonly TaskRef[]) => Promise<void>;
}

/**
 * Extract, load, seal and every model as daily tasks. What describes the present (extracts, whole
 * tables) is made once for the newest finished day, whichever day asks: a later day's extract holds
 * everything of the days before it.
 */
export function warehouseTasks(options: WarehouseTasksOptions): WarehouseTasks {
  const { calendar, clock, models } = options;
  const newest = (day: BusinessDay): BusinessDay => {
    const due = latestDueDay(calendar, clock.now(), 0);
    return due > day ? due : day;
  };
  const tables = sourceTables(options.sources);
  const units = sourceUnits(options.sources);
  const extracts = new Map(
    units.flatMap((unit) => unit.tables.map((table) => [table.table, `extract:${unit.name}`] as const)),
  );
  let firstDay: BusinessDay | undefined;
  const maker: WarehouseTasks['maker'] = (table, day) => {
    if (firstDay !== undefined && day < firstDay) return undefined;
    const model = table.startsWith('model.') ? models.models.get(table.slice('model.'.length)) : undefined;
    if (model !== undefined) {
      return {
        task: `model:${model.name}`,
        parameters: { day: model.materialize === 'day' ? day : newest(day) },
      };
    }
    const extract = extracts.get(table);
    const wholeTable = tables.some((one) => one.table === table && one.time === undefined);
    if (extract !== undefined && wholeTable) return { task: extract, parameters: { day: newest(day) } };
    return table.startsWith('raw.') ? { task: 'seal', parameters: { day } } : undefined;
  };
  return {
    maker,
    prepare: async (goals) => {
      const asked = goals.flatMap(({ parameters: { day } }) => (typeof day === 'string' ? [day] : []));
      firstDay = [...(await options.warehouse.sealedDays()), ...asked].toSorted()[0];
    },
    tasks: [
      ...units.map((unit) => extractTask(options, unit)),
      loadTask(options),
      sealTask(options, units, newest),
      ...[...models.models.values()].map((model) => modelTask(options, model, maker, newest)),
    ],
  };
}

function extractTask(options: WarehouseTasksOptions, unit: SourceUnit): Task {
  const name = `extract:${unit.name}`;
  const made = unit.tables.map(({ table }) => table);
  return defineTask({
    name,
    description: `Brings ${made.join(', ')} up to date with ${made.length === 1 ? 'its' : 'their'} source`,
    parameters: { day: 'day' },
    // One writer of raw days at a time: no extract puts rows into a day while it is sealed.
    resources: unit.tables.every(({ time }) => time === undefined) ? { engine: 1 } : { raw: 1 },
    target: ({ day }) => marker(`${name}(${day})`),
    lineage: {
      reads: unit.tables.map((table) => `source:${table.name}`),
      makes: unit.rejects ? [...made, 'raw.rejected_rows'] : made,
    },
    run: async ({ signal, count }) => {
      count(await extractSource(options.sources, unit, signal));
    },
  });
}

function loadTask({ load }: WarehouseTasksOptions): Task {
  return defineTask({
    name: 'load',
    description: 'Moves what is in the event log into raw.events',
    parameters: { day: 'day' },
    resources: { load: 1 },
    lineage: { reads: ['source:events'], makes: ['raw.events', 'raw.failed_events'] },
    target: ({ day }) => marker(`load(${day})`),
    run: async ({ count }) => {
      count(await load());
    },
  });
}

function sealTask(
  options: WarehouseTasksOptions,
  units: readonly SourceUnit[],
  newest: (day: BusinessDay) => BusinessDay,
): Task {
  const { warehouse, sources } = options;
  return defineTask({
    name: 'seal',
    description:
      'Closes a business day: duplicates dropped, late events counted, totals compared with the sources',
    parameters: { day: 'day' },
    daily: true,
    resources: { raw: 1 },
    needs: ({ day }) => [
      { task: 'load', parameters: { day: newest(day) } },
      ...units.map((unit) => ({ task: `extract:${unit.name}`, parameters: { day: newest(day) } })),
    ],
    target: ({ day }) => target(`sealed day ${day}`, async () => warehouse.isSealed(day)),
    run: async ({ parameters: { day }, token, signal, count }) => {
      count(await sealDay({ warehouse, sources, day, token, signal }));
    },
  });
}

function modelTask(
  options: WarehouseTasksOptions,
  model: Model,
  maker: WarehouseTasks['maker'],
  newest: (day: BusinessDay) => BusinessDay,
): Task {
  const { warehouse, models: set, calendar } = options;
  return defineTask({
    name: `model:${model.name}`,
    description: model.description === '' ? `Makes ${modelTable(model)}` : model.description,
    parameters: { day: 'day' },
    daily: true,
    resources: model.materialize === 'day' ? { engine: 1 } : { engine: 1, [`table:${model.name}`]: 1 },
    needs: ({ day }) => {
      const now = newest(day);
      // A whole table is made once, for the newest day; it is there for earlier days then.
      if (model.materialize === 'table' && now !== day)
        return [{ task: `model:${model.name}`, parameters: { day: now } }];
      return model.refs.flatMap((ref) => {
        const days = calendar.range(calendar.addDays(day, -model.lookback), day);
        return days.map((one) => maker(ref, one)).filter((need) => need !== undefined);
      });
    },
    lineage: { reads: model.refs, makes: [modelTable(model)] },
    target: ({ day }) =>
      target(`table ${modelTable(model)} day ${day}`, async () =>
        isModelBuilt({ warehouse, set, model, day }),
      ),
    run: async ({ parameters: { day: asked }, token, signal, count }) => {
      const day = model.materialize === 'day' ? asked : newest(asked);
      // A whole table is made once, however many days ask for it.
      if (model.materialize === 'table' && (await isModelBuilt({ warehouse, set, model, day }))) return;
      const written = await buildModel({ warehouse, set, model, day, token, signal });
      count({ rows: written.recordCount });
    },
  });
}
