import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Task } from '../batch/index.ts';
import { OctavoError, suggestion } from '../base/index.ts';
import { tableName } from '../warehouse/index.ts';
import type { Platform } from './platform.ts';

/** Where a project declares what a task is made of, by the beginning of the task's name. */
const places: readonly { readonly prefix: string; readonly folder: string; readonly file: RegExp }[] = [
  { prefix: 'model:', folder: 'models', file: /\.sql$/ },
  { prefix: 'bestseller:', folder: 'lists', file: /\.ya?ml$/ },
  { prefix: 'recommend:', folder: 'recommenders', file: /\.ts$/ },
  { prefix: 'statistics:', folder: 'metrics', file: /\.ya?ml$/ },
  { prefix: 'extract:', folder: '.', file: /^octavo\.config\.ts$/ },
];

const codes = ['query_invalid', 'table_not_found', 'column_not_found', 'source_invalid'];

/**
 * The tasks, so that what only the tables can tell (a column that they lack, a table that nobody makes) is told with
 * the file and line of the project that names it. Tasks of the project itself stay as they are.
 */
export function tellPlaces(
  tasks: readonly Task[],
  root: string,
  columnsOf: (tables: readonly string[]) => Promise<readonly string[]> = async () => [],
): readonly Task[] {
  return tasks.map((task) => {
    const search = searchOf(task, root);
    if (search === undefined) return task;
    return {
      ...task,
      run: async (context) => {
        try {
          await task.run(context);
        } catch (thrown) {
          throw await placed(thrown, { ...search, columns: () => columnsOf(task.lineage?.reads ?? []) });
        }
      },
    };
  });
}

/**
 * Refuses tasks that read tables which nobody makes and which are not there, with the file and line that names them.
 * Errors: `table_not_found` with the nearest name.
 */
export async function assertTablesKnown(
  tasks: readonly Task[],
  root: string,
  there: readonly string[],
): Promise<void> {
  const known = new Set([...there, ...tasks.flatMap(({ lineage }) => lineage?.makes ?? [])]);
  const tables = [...known].filter((name) => !name.includes(':'));
  for (const task of tasks) {
    const search = searchOf(task, root);
    const missing = task.lineage?.reads.find((name) => !name.includes(':') && !known.has(name));
    if (missing === undefined || search === undefined) continue;
    throw await placed(
      new OctavoError('table_not_found', `'${missing}'${suggestion(missing, tables)}`),
      search,
    );
  }
}

/** `assertTablesKnown` of a project. */
export async function assertProjectTables({
  registry,
  project,
  warehouse,
}: Pick<Platform, 'registry' | 'project' | 'warehouse'>): Promise<void> {
  const there = (await warehouse.tables()).map(({ id }) => tableName(id));
  await assertTablesKnown(registry.tasks, project.root, [...there, 'raw.rejected_rows']);
}

function searchOf(task: Task, root: string): Search | undefined {
  const place = places.find(({ prefix }) => task.name.startsWith(prefix));
  return place === undefined ? undefined : { ...place, root, name: task.name.slice(place.prefix.length) };
}

interface Search {
  readonly root: string;
  readonly folder: string;
  readonly file: RegExp;
  /** What the task makes: its own file is looked at first. */
  readonly name: string;
  /** Of the tables that the task reads. */
  readonly columns?: () => Promise<readonly string[]>;
}

async function placed(thrown: unknown, search: Search): Promise<unknown> {
  if (!(thrown instanceof OctavoError) || !codes.includes(thrown.code)) return thrown;
  if (typeof thrown.details['file'] === 'string') return thrown;
  const found = await placeOf(thrown.message, search);
  if (found === undefined) return thrown;
  const near = await nearColumn(thrown.message, search);
  return new OctavoError(
    thrown.code,
    `${found.file}:${found.line}: ${thrown.about.replace(/\n|$/, (end) => near + end)}`,
    {
      cause: thrown,
      details: { ...thrown.details, ...found },
    },
  );
}

/** The engine names no column that is alike when the wrong one has its table before it. */
async function nearColumn(message: string, { columns }: Search): Promise<string> {
  const word = /have a column named "([^"]+)"/.exec(message)?.[1];
  if (word === undefined || columns === undefined || /candidate|did you mean/i.test(message)) return '';
  const near = suggestion(word, await columns());
  return near.includes('did you mean') ? near : '';
}

/** The first line of the project's files with the name that the message is about. */
async function placeOf(
  message: string,
  { root, folder, file, name }: Search,
): Promise<{ readonly file: string; readonly line: number } | undefined> {
  const wrong =
    /have a column named "([^"]+)"|column "([^"]+)"|near "([^"]+)"|column '([^']+)'|: '([\w.]+)'|\.(\w+): the database/.exec(
      message,
    );
  const word = wrong?.slice(1).find((one) => one !== undefined);
  if (word === undefined) return undefined;
  const snippet = /LINE \d+: (?:\.\.\.)?(.+?)(?:\.\.\.)?$/m.exec(message)?.[1]?.trim();
  const paths = await readdir(join(root, folder), { recursive: folder !== '.' }).catch(() => []);
  const files = paths.filter((path) => file.test(path));
  const ownFirst = files.toSorted(
    (a, b) => Number(isOf(name, b)) - Number(isOf(name, a)) || (a < b ? -1 : 1),
  );
  for (const path of ownFirst) {
    const lines = (await readFile(join(root, folder, path), 'utf8')).split('\n');
    const line = lineWith(lines, word, snippet);
    if (line !== undefined) return { file: folder === '.' ? path : `${folder}/${path}`, line };
  }
  return undefined;
}

function isOf(name: string, path: string): boolean {
  return new RegExp(`(^|/)${name}\\.\\w+$`).test(path);
}

/** The line that the message quotes, else the first one with the word. */
function lineWith(lines: readonly string[], word: string, snippet: string | undefined): number | undefined {
  const whole = new RegExp(`(?<!\\w)${word.replaceAll(/[^\w]/g, String.raw`\$&`)}(?!\\w)`, 'i');
  const quoted = lines.findIndex(
    (line) => snippet !== undefined && line.includes(snippet) && whole.test(line),
  );
  const found = quoted >= 0 ? quoted : lines.findIndex((line) => whole.test(line));
  return found < 0 ? undefined : found + 1;
}
