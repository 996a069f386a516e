import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Task } from '../batch/index.ts';
import { OctavoError } from '../base/index.ts';

/** Where a project declares what a task is made of, by the beginning of the task's name. */
const places: readonly { readonly prefix: string; readonly folder: string; readonly file: RegExp }[] = [
  { prefix: 'model:', folder: 'models', file: /\.sql$/ },
  { prefix: 'bestseller:', folder: 'lists', file: /\.ya?ml$/ },
  { prefix: 'recommend:', folder: 'recommenders', file: /\.ts$/ },
  { prefix: 'statistics:', folder: 'metrics', file: /\.ya?ml$/ },
  { prefix: 'extract:', folder: '.', file: /^octavo\.config\.ts$/ },
];

const codes = ['query_invalid', 'table_not_found', 'source_invalid'];

/**
 * The tasks, so that what only the tables can tell (a column that they lack, a table that nobody makes) is told with
 * the file and line of the project that names it. Tasks of the project itself stay as they are.
 */
export function tellPlaces(tasks: readonly Task[], root: string): readonly Task[] {
  return tasks.map((task) => {
    const place = places.find(({ prefix }) => task.name.startsWith(prefix));
    if (place === undefined) return task;
    return {
      ...task,
      run: async (context) => {
        try {
          await task.run(context);
        } catch (thrown) {
          throw await placed(thrown, { ...place, root, name: task.name.slice(place.prefix.length) });
        }
      },
    };
  });
}

interface Search {
  readonly root: string;
  readonly folder: string;
  readonly file: RegExp;
  /** What the task makes: its own file is looked at first. */
  readonly name: string;
}

async function placed(thrown: unknown, search: Search): Promise<unknown> {
  if (!(thrown instanceof OctavoError) || !codes.includes(thrown.code)) return thrown;
  if (typeof thrown.details['file'] === 'string') return thrown;
  const found = await placeOf(thrown.message, search);
  if (found === undefined) return thrown;
  return new OctavoError(thrown.code, `${found.file}:${found.line}: ${thrown.about}`, {
    cause: thrown,
    details: { ...thrown.details, ...found },
  });
}

/** The first line of the project's files with the name that the message is about. */
async function placeOf(
  message: string,
  { root, folder, file, name }: Search,
): Promise<{ readonly file: string; readonly line: number } | undefined> {
  const wrong = /column "([^"]+)"|near "([^"]+)"|column '([^']+)'|: '([\w.]+)'|\.(\w+): the database/.exec(
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
