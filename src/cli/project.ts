import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseList, type BestsellerList } from '../bestseller/index.ts';
import { fileError, OctavoError, type Storage } from '../base/index.ts';
import type { Recommender } from '../recommend/index.ts';
import {
  loadMetrics,
  parseAlerts,
  parseDeliveries,
  type Alert,
  type Delivery,
  type Metric,
} from '../statistics/index.ts';
import { readYamlFolder } from './yaml-folder.ts';

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
    lists: await readYamlFolder(root, 'lists', {
      storage,
      code: 'list_invalid',
      parse: (text, file) => [parseList(text, file)],
    }),
    metrics,
    recommenders: await loadRecommenders(join(root, 'recommenders'), storage),
    alerts: await readYamlFolder(root, 'alerts', {
      storage,
      code: 'alert_invalid',
      parse: (text, file) => parseAlerts(text, file, { metrics, channels }),
    }),
    deliveries: await readYamlFolder(root, 'deliveries', {
      storage,
      code: 'delivery_invalid',
      parse: (text, file) => parseDeliveries(text, file, { channels, pages }),
    }),
  };
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
