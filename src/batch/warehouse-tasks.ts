import type { BusinessDay, Calendar, Clock, Text } from '../base/index.ts';
import {
  buildModel,
  dailyInputs,
  eventColumns,
  extractSource,
  failedColumns,
  isModelBuilt,
  modelTable,
  rejectedColumns,
  sealColumns,
  sealDay,
  sealsTable,
  sourceTables,
  sourceUnits,
  unbuiltDays,
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
  const past: Past = { days: [], asked: [], unbuilt: new Map() };
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
      past.asked = [...new Set(asked)];
      past.days = [...new Set([...(await options.warehouse.sealedDays()), ...asked])].toSorted();
      firstDay = past.days[0];
      past.unbuilt = await unbuiltInputs(options, past.days);
    },
    tasks: [
      ...units.map((unit) => extractTask(options, unit)),
      loadTask(options),
      sealTask(options, units, newest),
      ...[...models.models.values()].map((model) => modelTask(options, model, { maker, newest, past })),
    ],
  };
}

function extractTask(options: WarehouseTasksOptions, unit: SourceUnit): Task {
  const name = `extract:${unit.name}`;
  const made = unit.tables.map(({ table }) => table);
  return defineTask({
    name,
    description: {
      en: `Brings ${made.join(', ')} up to date with ${made.length === 1 ? 'its' : 'their'} source`,
      ko: `${made.join(', ')} 테이블을 원천에 맞추어 새로 가져옵니다`,
    },
    parameters: { day: 'day' },
    // One writer of raw days at a time: no extract puts rows into a day while it is sealed.
    resources: unit.tables.every(({ time }) => time === undefined) ? { engine: 1 } : { raw: 1 },
    target: ({ day }) => marker(`${name}(${day})`),
    lineage: {
      reads: unit.tables.map((table) => `source:${table.name}`),
      makes: unit.rejects ? [...made, 'raw.rejected_rows'] : made,
      columns: unit.rejects ? { 'raw.rejected_rows': columnTexts(rejectedColumns) } : {},
    },
    run: async ({ signal, count }) => {
      count(await extractSource(options.sources, unit, signal));
    },
  });
}

function loadTask({ load }: WarehouseTasksOptions): Task {
  return defineTask({
    name: 'load',
    description: {
      en: 'Moves what is in the event log into raw.events',
      ko: '이벤트 로그에 쌓인 것을 raw.events로 옮깁니다',
    },
    parameters: { day: 'day' },
    resources: { load: 1 },
    lineage: {
      reads: ['source:events'],
      makes: ['raw.events', 'raw.failed_events'],
      columns: { 'raw.events': columnTexts(eventColumns), 'raw.failed_events': columnTexts(failedColumns) },
    },
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
    description: {
      en: 'Closes a business day: duplicates dropped, late events counted, totals compared with the sources',
      ko: '영업일을 마감합니다. 중복을 걸러 내고, 늦은 이벤트를 세고, 합계를 원천과 견줍니다',
    },
    parameters: { day: 'day' },
    daily: true,
    resources: { raw: 1 },
    lineage: { reads: [], makes: [sealsTable], columns: { [sealsTable]: columnTexts(sealColumns) } },
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

/** The columns that are described. */
function columnTexts(
  columns: readonly { readonly name: string; readonly description?: Text }[],
): Readonly<Record<string, Text>> {
  return Object.fromEntries(
    columns.flatMap(({ name, description }) => (description === undefined ? [] : [[name, description]])),
  );
}

/** What is known of the days when a plan is made. */
interface Past {
  /** Sealed, or asked for. */
  days: readonly BusinessDay[];
  asked: readonly BusinessDay[];
  /** Which of them the daily models lack that whole tables read, by table. */
  unbuilt: ReadonlyMap<string, readonly BusinessDay[]>;
}

async function unbuiltInputs(
  { warehouse, models: set }: WarehouseTasksOptions,
  days: readonly BusinessDay[],
): Promise<Past['unbuilt']> {
  const lacking = new Map<string, readonly BusinessDay[]>();
  for (const model of set.models.values()) {
    if (model.materialize !== 'table') continue;
    for (const [table, missing] of await unbuiltDays({ warehouse, set, model }, days))
      lacking.set(table, missing);
  }
  return lacking;
}

function modelTask(
  options: WarehouseTasksOptions,
  model: Model,
  known: {
    readonly maker: WarehouseTasks['maker'];
    readonly newest: (day: BusinessDay) => BusinessDay;
    readonly past: Past;
  },
): Task {
  const { warehouse, models: set, calendar } = options;
  const { maker, newest, past } = known;
  const daily = new Set(dailyInputs(model, set));
  /** The days of a table that are made before the day. */
  const daysOf = (ref: string, day: BusinessDay): readonly BusinessDay[] => {
    if (ref === modelTable(model)) return past.days.filter((one) => one < day).slice(-1);
    // A whole table counts every day: those that are asked for now, and those that nobody has made yet.
    if (model.materialize === 'table' && daily.has(ref))
      return [...new Set([...(past.unbuilt.get(ref) ?? []), ...past.asked, day])].filter((one) => one <= day);
    return calendar.range(calendar.addDays(day, -model.lookback), day);
  };
  return defineTask({
    name: `model:${model.name}`,
    description:
      model.description === ''
        ? { en: `Makes ${modelTable(model)}`, ko: `${modelTable(model)} 테이블을 만듭니다` }
        : model.description,
    parameters: { day: 'day' },
    daily: true,
    resources: model.materialize === 'day' ? { engine: 1 } : { engine: 1, [`table:${model.name}`]: 1 },
    needs: ({ day }) => {
      const now = newest(day);
      // A whole table is made once, for the newest day; it is there for earlier days then.
      if (model.materialize === 'table' && now !== day)
        return [{ task: `model:${model.name}`, parameters: { day: now } }];
      return model.refs.flatMap((ref) =>
        daysOf(ref, day)
          .map((one) => maker(ref, one))
          .filter((need) => need !== undefined),
      );
    },
    lineage: {
      reads: model.refs,
      makes: [modelTable(model)],
      columns: { [modelTable(model)]: columnTexts(model.columns) },
    },
    target: ({ day }) =>
      target(`table ${modelTable(model)} day ${day}`, async () =>
        isModelBuilt({ warehouse, set, model, day, history: past.days.filter((one) => one <= day) }),
      ),
    run: async ({ parameters: { day: asked }, token, signal, count }) => {
      const day = model.materialize === 'day' ? asked : newest(asked);
      // A whole table is made once, however many days ask for it.
      if (
        model.materialize === 'table' &&
        (await isModelBuilt({ warehouse, set, model, day, history: past.days.filter((one) => one <= day) }))
      )
        return;
      const written = await buildModel({ warehouse, set, model, day, token, signal });
      count({ rows: written.recordCount });
    },
  });
}
