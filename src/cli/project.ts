import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseList, type BestsellerList } from '../bestseller/index.ts';
import { fileError, OctavoError, type Storage } from '../base/index.ts';
import type { Recommender } from '../recommend/index.ts';
import {
  loadMetrics,
  parseAlerts,
  parseDeliveries,
  readYamlFolder,
  type Alert,
  type Delivery,
  type Metric,
} from '../statistics/index.ts';

/** What a project declares, beside its configuration, models and tasks. */
export interface Project {
  /** Absolute path of its folder. */
  readonly root: string;
  readonly lists: readonly BestsellerList[];
  readonly metrics: ReadonlyMap<string, Metric>;
  readonly recommenders: readonly Recommender[];
  readonly alerts: readonly Alert[];
  readonly deliveries: readonly Delivery[];
}

/** Reads a project's lists, metrics, recommenders, alerts and deliveries. Errors name the file and line. */
export async function loadProject(
  root: string,
  storage: Storage,
  channels: readonly string[],
): Promise<Project> {
  const metrics = await loadMetrics(join(root, 'metrics'), storage);
  const pages = (await storage.list(join(root, 'pages')))
    .filter(({ name }) => name.endsWith('.md'))
    .map(({ name }) => name.slice(0, -'.md'.length));
  return {
    root,
    lists: await loadLists(join(root, 'lists'), storage),
    metrics,
    recommenders: await loadRecommenders(join(root, 'recommenders'), storage),
    alerts: await readYamlFolder(join(root, 'alerts'), storage, (text, file) =>
      parseAlerts(text, file, { metrics, channels }),
    ),
    deliveries: await readYamlFolder(join(root, 'deliveries'), storage, (text, file) =>
      parseDeliveries(text, file, { channels, pages }),
    ),
  };
}

async function loadLists(folder: string, storage: Storage): Promise<readonly BestsellerList[]> {
  const lists: BestsellerList[] = [];
  const files = new Map<string, string>();
  for (const { name } of await storage.list(folder)) {
    if (!/\.ya?ml$/.test(name)) continue;
    const text = (await storage.read(join(folder, name))).toString('utf8');
    const list = parseList(text, `lists/${name}`);
    const other = files.get(list.id);
    if (other !== undefined) {
      const line = text.split('\n').findIndex((one) => /^['"]?id['"]?\s*:/.test(one)) + 1;
      throw new OctavoError(
        'list_invalid',
        `lists/${name}:${line}: '${list.id}' is the id of lists/${other} too`,
        {
          details: { file: `lists/${name}`, line },
        },
      );
    }
    files.set(list.id, name);
    lists.push(list);
  }
  return lists;
}

async function loadRecommenders(folder: string, storage: Storage): Promise<readonly Recommender[]> {
  const recommenders: Recommender[] = [];
  for (const { name } of await storage.list(folder)) {
    if (!name.endsWith('.ts') || name.endsWith('.test.ts')) continue;
    const made = await importFile<Recommender | readonly Recommender[]>(
      join(folder, name),
      `recommenders/${name}`,
    );
    for (const recommender of [made].flat()) {
      if (recommenders.some((other) => other.name === recommender.name)) {
        throw new OctavoError(
          'recommender_invalid',
          `recommenders/${name}: '${recommender.name}' is declared twice`,
        );
      }
      recommenders.push(recommender);
    }
  }
  return recommenders;
}

async function importFile<T>(path: string, shown: string): Promise<T> {
  try {
    const module = (await import(pathToFileURL(path).href)) as { readonly default?: T };
    if (module.default === undefined)
      throw new OctavoError('recommender_invalid', 'write `export default defineRecommender({ … })`');
    return module.default;
  } catch (thrown) {
    throw fileError({ path, shown, code: 'recommender_invalid', thrown });
  }
}
