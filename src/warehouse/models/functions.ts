import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { OctavoError, type BusinessDay, type Calendar } from '../../base/index.ts';
import type { Engine } from '../engine-port.ts';
import { businessDateSql } from './business-date.ts';
import { dialects } from './dialect.ts';
import { fullName, type TemplateFunction, type TemplateFunctions } from './template.ts';

/** A project's own functions: names to functions from texts to SQL; what is no text is written as one. */
export type Macros = Readonly<Record<string, (...texts: string[]) => unknown>>;

const argumentsManyMax = 16;

/**
 * The functions that models may call. What is spelled differently in DuckDB and Spark is spelled here,
 * once, so that a model's own text runs on both.
 */
export function templateFunctions(options: {
  readonly calendar: Calendar;
  /** The day that is made; absent in a model of a whole table. */
  readonly day?: BusinessDay;
  /** The day after the last one before it that the model has made. */
  readonly since?: BusinessDay;
  /** The relation that tests read. */
  readonly self?: string;
  readonly macros: Macros;
  /** Default `duckdb`. */
  readonly dialect?: Engine['dialect'];
}): TemplateFunctions {
  const { calendar, day, since, self, macros } = options;
  const dialect = dialects[options.dialect ?? 'duckdb'];
  const exactly = (count: number, render: TemplateFunction['render']): TemplateFunction => ({
    argumentsMin: count,
    argumentsMax: count,
    render,
  });
  const own = Object.entries(macros).map(([name, render]): [string, TemplateFunction] => [
    name,
    { argumentsMin: 0, argumentsMax: argumentsManyMax, render: (...texts) => String(render(...texts)) },
  ]);
  return new Map<string, TemplateFunction>([
    ...own,
    ['ref', exactly(1, (name = '') => fullName(name))],
    [
      'business_date',
      exactly(1, (instant = '') => businessDateSql(calendar, dialect.instant(instant), dialect)),
    ],
    ['instant', exactly(1, (expression = '') => dialect.instant(expression))],
    ['json_text', exactly(2, (column = '', field = '') => dialect.jsonText(column, field))],
    ['day_of_week', exactly(1, (date = '') => dialect.dayOfWeek(date))],
    ['each', exactly(2, (array = '', alias = '') => dialect.each(array, alias))],
    ['matches', exactly(2, (text = '', pattern = '') => dialect.matches(text, pattern))],
    ...(day === undefined ? [] : [['day', exactly(0, () => `cast('${day}' as date)`)] as const]),
    ...(since === undefined ? [] : [['since', exactly(0, () => `cast('${since}' as date)`)] as const]),
    ...(self === undefined ? [] : [['this', exactly(0, () => self)] as const]),
  ]);
}

/** Reads a project's `macros/*.ts`; each exports functions by name. Errors: `model_invalid` with the file. */
export async function loadMacros(folder: string): Promise<Macros> {
  const names = await readdir(folder).catch(() => []);
  const macros: Record<string, (...texts: string[]) => unknown> = {};
  for (const name of names.filter((one) => one.endsWith('.ts')).toSorted()) {
    const path = join(folder, name);
    try {
      const module = (await import(pathToFileURL(path).href)) as Readonly<Record<string, unknown>>;
      for (const [key, value] of Object.entries(module)) {
        if (typeof value === 'function') macros[key] = value as (...texts: string[]) => unknown;
      }
    } catch (cause) {
      throw new OctavoError(
        'model_invalid',
        `macros/${name}: ${cause instanceof Error ? cause.message : String(cause)}`,
        { cause },
      );
    }
  }
  return macros;
}
