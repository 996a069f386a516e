import { hashJson, type BusinessDay } from '../../base/index.ts';
import type { Engine } from '../engine-port.ts';
import type { Warehouse, Written } from '../warehouse-port.ts';
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
  readonly token?: number;
  readonly signal?: AbortSignal;
}

/** The table that a model makes. */
export function modelTable(model: Model): string {
  return `model.${model.name}`;
}

/** A model's SQL for a day, as it is run on an engine. */
export function modelSql(
  options: Pick<BuildOptions, 'warehouse' | 'set' | 'model' | 'day'>,
  dialect: Engine['dialect'] = 'duckdb',
): string {
  return renderTemplate(options.model.template, functionsOf(options, dialect));
}

/**
 * Runs a model, tests its rows, and publishes them with their stamp in one commit. Errors: `model_invalid`,
 * `query_invalid`, `model_test_failed`.
 */
export async function buildModel(options: BuildOptions): Promise<Written> {
  const { warehouse, model, day, token, signal } = options;
  const daily = model.materialize === 'day';
  const checks = modelChecks(model, functionsOf(options));
  const table = modelTable(model);
  return warehouse.write(table, {
    select: modelSql(options),
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
  options: Pick<BuildOptions, 'warehouse' | 'set' | 'model' | 'day'>,
): Promise<boolean> {
  const { warehouse, model, day } = options;
  const properties = (await warehouse.table(modelTable(model)))?.metadata.properties;
  if (properties === undefined) return false;
  if (model.materialize === 'table') {
    return properties[builtProperty] === model.version && (properties[builtDayProperty] ?? '') >= day;
  }
  return properties[stampProperty(model, day)] === (await stampOf(options));
}

const builtProperty = 'octavo.built';
const builtDayProperty = 'octavo.built-day';

function stampProperty(model: Model, day: BusinessDay): string {
  return model.materialize === 'day' ? `octavo.day.${day}` : builtProperty;
}

/**
 * Changes when the model does, or the same day of a daily model that it reads was made anew; what
 * describes the present (tables without days) may change without making past days stale.
 */
async function stampOf(options: Pick<BuildOptions, 'warehouse' | 'set' | 'model' | 'day'>): Promise<string> {
  const { warehouse, set, model, day } = options;
  if (model.materialize === 'table') return model.version;
  const inputs: Record<string, string> = {};
  for (const ref of model.refs) {
    const upstream = set.models.get(ref.replace(/^model\./, ''));
    if (!ref.startsWith('model.') || upstream?.materialize !== 'day') continue;
    const properties = (await warehouse.table(ref))?.metadata.properties ?? {};
    inputs[ref] = properties[`octavo.day.${day}`] ?? '';
  }
  return hashJson({ version: model.version, inputs }).slice(0, 16);
}

/** Columns that hold personal data in any table that the model reads. */
async function personalBelow(warehouse: Warehouse, model: Model): Promise<readonly string[]> {
  const tables = await Promise.all(model.refs.map((name) => warehouse.table(name)));
  return tables.flatMap((table) => (table === undefined ? [] : personalColumns(table)));
}

function functionsOf(
  options: Pick<BuildOptions, 'warehouse' | 'set' | 'model' | 'day'>,
  dialect: Engine['dialect'] = 'duckdb',
): ReturnType<typeof templateFunctions> {
  const { warehouse, set, model, day } = options;
  return templateFunctions({
    calendar: warehouse.calendar,
    macros: set.macros,
    self: writtenRelation,
    dialect,
    ...(model.materialize === 'day' ? { day } : {}),
  });
}
