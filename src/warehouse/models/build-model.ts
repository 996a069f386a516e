import { hashJson, OctavoError, type BusinessDay } from '../../base/index.ts';
import type { Engine } from '../engine-port.ts';
import type { Warehouse, Written } from '../warehouse-port.ts';
import type { DeclaredColumn } from '../write-columns.ts';
import { personalColumns } from '../personal.ts';
import { modelChecks, runChecks, writtenRelation } from './checks.ts';
import { templateFunctions } from './functions.ts';
import type { ModelSet } from './load-models.ts';
import type { Model } from './model.ts';
import { renderTemplate } from './template.ts';

/** What a build works with. */
export interface BuildOptions {
  readonly warehouse: Warehouse;
  readonly set: ModelSet;
  readonly model: Model;
  /** The day that is made; for a whole table, the newest day that it knows. */
  readonly day: BusinessDay;
  /** Days that a whole table's daily inputs must have, for it to be current. Default: whatever they have. */
  readonly history?: readonly BusinessDay[];
  readonly token?: number;
  readonly signal?: AbortSignal;
}

/** The table that a model makes. */
export function modelTable(model: Model): string {
  return `model.${model.name}`;
}

/** A model's SQL for a day, as it is run on an engine. */
export function modelSql(options: Rendering, dialect: Engine['dialect'] = 'duckdb'): string {
  return renderTemplate(options.model.template, functionsOf(options, dialect));
}

/**
 * Runs a model, tests its rows, and publishes them with their stamp in one commit. Errors: `model_invalid`,
 * `query_invalid`, `model_test_failed`.
 */
export async function buildModel(options: BuildOptions): Promise<Written> {
  const { warehouse, model, day, token, signal } = options;
  const daily = model.materialize === 'day';
  const own = readsItself(model) ? await earlierDays(options) : undefined;
  const rendering: Rendering = own === undefined ? options : { ...options, since: own.since };
  const checks = modelChecks(model, functionsOf(rendering));
  const table = modelTable(model);
  if (own?.missing === true) await warehouse.ensureTable(table, typedColumns(model));
  return warehouse.write(table, {
    select: modelSql(rendering),
    mode: daily ? 'replace-days' : 'replace',
    ...(daily ? { days: [day] } : {}),
    personalBelow: await personalBelow(warehouse, model),
    columns: model.columns.map(({ tests: _tests, ...column }) => column),
    properties: {
      [stampProperty(model, day)]: await stampOf(options),
      ...(daily ? {} : { [builtDayProperty]: day }),
    },
    check: async (session) => {
      const tables = [...new Set(checks.flatMap((check) => check.tables))];
      if (tables.length > 0) await warehouse.prepare(session, `select 1 from ${tables.join(', ')}`);
      await runChecks(session, model, checks);
    },
    ...(token === undefined ? {} : { token, fence: daily ? day : 'table' }),
    ...(signal === undefined ? {} : { signal }),
  });
}

/**
 * Whether the model's day (or its table, for that day or a later one) is there, made by the model as it is now from
 * its inputs as they are now.
 */
export async function isModelBuilt(
  options: Pick<BuildOptions, 'warehouse' | 'set' | 'model' | 'day' | 'history'>,
): Promise<boolean> {
  const { warehouse, model, day } = options;
  const properties = (await warehouse.table(modelTable(model)))?.metadata.properties;
  if (properties === undefined) return false;
  if (model.materialize === 'table') {
    if ((properties[builtDayProperty] ?? '') < day) return false;
    if (properties[builtProperty] !== (await stampOf(options))) return false;
    const missing = await unbuiltDays(options, options.history ?? []);
    return missing.size === 0;
  }
  return properties[stampProperty(model, day)] === (await stampOf(options));
}

const dayPrefix = 'octavo.day.';
/** Before every business day. */
const beginning = '0001-01-01';
const builtProperty = 'octavo.built';
const builtDayProperty = 'octavo.built-day';

function stampProperty(model: Model, day: BusinessDay): string {
  return model.materialize === 'day' ? dayPrefix + day : builtProperty;
}

/**
 * Changes when the model does, or the same day of a daily model that it reads was made anew; what describes the
 * present (tables without days) may change without making past days stale. A whole table reads every day of its
 * daily models, and a model that reads itself its own day before.
 */
async function stampOf(options: Pick<BuildOptions, 'warehouse' | 'set' | 'model' | 'day'>): Promise<string> {
  const { warehouse, set, model, day } = options;
  const daily = dailyInputs(model, set);
  if (model.materialize === 'table' && daily.length === 0) return model.version;
  const inputs: Record<string, string> = {};
  for (const ref of daily) {
    const properties = (await warehouse.table(ref))?.metadata.properties ?? {};
    if (model.materialize === 'table') inputs[ref] = hashJson(dayStamps(properties));
    else if (ref === modelTable(model)) {
      const before = lastBefore(properties, day);
      inputs[ref] = before === undefined ? '' : `${before} ${properties[dayPrefix + before] ?? ''}`;
    } else inputs[ref] = properties[dayPrefix + day] ?? '';
  }
  return hashJson({ version: model.version, inputs }).slice(0, 16);
}

/** The daily models that a model reads, itself among them where it does. */
export function dailyInputs(model: Model, set: ModelSet): readonly string[] {
  return model.refs.filter(
    (ref) => ref.startsWith('model.') && set.models.get(ref.slice('model.'.length))?.materialize === 'day',
  );
}

/** Which of the days each daily input of a whole table lacks. */
export async function unbuiltDays(
  { warehouse, set, model }: Pick<BuildOptions, 'warehouse' | 'set' | 'model'>,
  days: readonly BusinessDay[],
): Promise<ReadonlyMap<string, readonly BusinessDay[]>> {
  const lacking = new Map<string, readonly BusinessDay[]>();
  if (days.length === 0) return lacking;
  for (const ref of dailyInputs(model, set)) {
    const properties = (await warehouse.table(ref))?.metadata.properties ?? {};
    const missing = days.filter((day) => properties[dayPrefix + day] === undefined);
    if (missing.length > 0) lacking.set(ref, missing);
  }
  return lacking;
}

/** Whether a daily model reads the days of its own table before the one that is made. */
export function readsItself(model: Model): boolean {
  return model.refs.includes(modelTable(model));
}

/** From where on a model that reads itself has to read its other inputs. */
async function earlierDays({
  warehouse,
  model,
  day,
}: Pick<BuildOptions, 'warehouse' | 'model' | 'day'>): Promise<{
  readonly since: BusinessDay;
  readonly missing: boolean;
}> {
  const properties = (await warehouse.table(modelTable(model)))?.metadata.properties;
  const before = lastBefore(properties ?? {}, day);
  return {
    since: before === undefined ? beginning : warehouse.calendar.addDays(before, 1),
    missing: properties === undefined,
  };
}

function typedColumns(model: Model): readonly DeclaredColumn[] {
  const untyped = model.columns.find(({ type }) => type === undefined);
  if (untyped !== undefined || model.columns.length === 0) {
    throw new OctavoError(
      'model_invalid',
      `${model.file}: it reads its own earlier days, so each of its columns needs a type${
        untyped === undefined ? '' : `, also '${untyped.name}'`
      }`,
      { details: { file: model.file } },
    );
  }
  return model.columns.map(({ tests: _tests, ...column }) => column);
}

function dayStamps(properties: Readonly<Record<string, string>>): readonly (readonly [string, string])[] {
  return Object.entries(properties)
    .filter(([key]) => key.startsWith(dayPrefix))
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
}

/** The last day before this one that is there. */
function lastBefore(properties: Readonly<Record<string, string>>, day: BusinessDay): BusinessDay | undefined {
  return dayStamps(properties)
    .map(([key]) => key.slice(dayPrefix.length))
    .filter((one) => one < day)
    .at(-1);
}

/** Columns that hold personal data in any table that the model reads. */
async function personalBelow(warehouse: Warehouse, model: Model): Promise<readonly string[]> {
  const tables = await Promise.all(model.refs.map((name) => warehouse.table(name)));
  return tables.flatMap((table) => (table === undefined ? [] : personalColumns(table)));
}

/** What a model's text is rendered with. */
type Rendering = Pick<BuildOptions, 'warehouse' | 'set' | 'model' | 'day'> & {
  /** Default: the day itself, as when the day before is there. */
  readonly since?: BusinessDay;
};

function functionsOf(
  options: Rendering,
  dialect: Engine['dialect'] = 'duckdb',
): ReturnType<typeof templateFunctions> {
  const { warehouse, set, model, day } = options;
  return templateFunctions({
    calendar: warehouse.calendar,
    macros: set.macros,
    self: writtenRelation,
    dialect,
    ...(model.materialize === 'day' ? { day, since: options.since ?? day } : {}),
  });
}
