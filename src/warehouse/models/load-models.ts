import { readdir, readFile } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { createCalendar, OctavoError, suggestion } from '../../base/index.ts';
import { writtenRelation } from './checks.ts';
import { loadMacros, templateFunctions, type Macros } from './functions.ts';
import { parseModel, type Model } from './model.ts';
import { checkCalls, lineOfRef } from './template.ts';

/** A project's models and the functions that they may call. */
export interface ModelSet {
  /** By name. */
  readonly models: ReadonlyMap<string, Model>;
  readonly macros: Macros;
}

/** Reads every `*.sql` below the folder. Errors: `model_invalid` with file and line; a circle of models is named. */
export async function loadModels(folder: string, macrosFolder: string): Promise<ModelSet> {
  const paths = await readdir(folder, { recursive: true }).catch(() => []);
  const models = new Map<string, Model>();
  for (const path of paths.filter((one) => one.endsWith('.sql')).toSorted()) {
    const name = basename(path, '.sql');
    const file = join('models', relative('.', path));
    const other = models.get(name);
    if (other !== undefined)
      throw new OctavoError('model_invalid', `${file}: '${name}' is made by ${other.file} too`);
    models.set(name, parseModel({ text: await readFile(join(folder, path), 'utf8'), name, file }));
  }
  for (const model of models.values()) checkRefs(model, models);
  const macros = await loadMacros(macrosFolder);
  for (const model of models.values()) checkFunctions(model, macros);
  return { models, macros };
}

/** Only names and counts of arguments: what is asked of a function when it is called comes when the model is made. */
function checkFunctions(model: Model, macros: Macros): void {
  const calendar = createCalendar({ timeZone: 'UTC', dayStart: '00:00' });
  const daily = model.materialize === 'day' ? { day: calendar.dayOf(0), since: calendar.dayOf(0) } : {};
  const functions = templateFunctions({ calendar, macros, self: writtenRelation, ...daily });
  for (const template of [model.template, ...model.tests.map((test) => test.template)])
    checkCalls(template, functions);
}

function checkRefs(model: Model, models: ReadonlyMap<string, Model>): void {
  for (const ref of model.refs) {
    const [namespace, name = ''] = ref.split('.');
    if (namespace !== 'model' || models.has(name)) continue;
    const line = lineOfRef(model.template, ref);
    throw new OctavoError(
      'model_invalid',
      `${model.file}${line === undefined ? '' : `:${line}`}: there is no model '${name}'${suggestion(name, models.keys())}`,
      { details: { file: model.file, line } },
    );
  }
  const path: string[] = [];
  const visit = (name: string): void => {
    if (path.includes(name)) {
      const circle = [...path.slice(path.indexOf(name)), name].join(' reads ');
      throw new OctavoError('model_cycle', `${models.get(name)?.file ?? name}: ${circle}`);
    }
    path.push(name);
    for (const ref of models.get(name)?.refs ?? []) {
      const [namespace, next = ''] = ref.split('.');
      // A daily model may read itself: the days before its own.
      const own = next === name && models.get(name)?.materialize === 'day';
      if (namespace === 'model' && !own) visit(next);
    }
    path.pop();
  };
  visit(model.name);
}
