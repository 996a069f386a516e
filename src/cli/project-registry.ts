import { join } from 'node:path';
import {
  createRegistry,
  latestDueDay,
  loadProjectTasks,
  upkeepTask,
  warehouseTasks,
  type Registry,
} from '../batch/index.ts';
import { bestsellerTasks } from '../bestseller/index.ts';
import { evaluationTasks, recommendTasks } from '../recommend/index.ts';
import { deliveryTasks, statisticsTasks } from '../statistics/index.ts';
import { loadModels } from '../warehouse/index.ts';
import { isDayLate, openDeliverer } from './deliveries.ts';
import { tellPlaces } from './declared-place.ts';
import type { Platform } from './platform.ts';

/** Every task of a project in one registry: extract, load, seal, models, lists, recommenders, metrics, and its own. */
export async function createProjectRegistry(platform: Platform, codeVersion: string): Promise<Registry> {
  const { project, config, warehouse, store, sources, calendar, clock, log } = platform;
  const models = await loadModels(join(project.root, 'models'), join(project.root, 'macros'));
  const { tasks, maker, prepare } = warehouseTasks({
    warehouse,
    sources: { warehouse, sources, log },
    models,
    calendar,
    clock,
    load: async () => platform.loadAll(),
  });
  const upkeep = upkeepTask({
    warehouse,
    snapshotsKeptMs: config.warehouse.snapshotsKeptDays * dayMs,
    orphansKeptMs: config.warehouse.orphanFilesKeptHours * hourMs,
    sweep: async () => ({ editions: (await store.sweep({ keep: config.serving.editionsKept })).removed }),
    cited: () => store.citedSnapshots(),
  });
  const common = { warehouse, store, codeVersion };
  const recommend = { recommenders: project.recommenders, threads: config.recommend.threads };
  const declared = [
    ...tasks,
    ...bestsellerTasks({ ...common, lists: project.lists, builder: maker }),
    ...recommendTasks({ ...common, ...recommend, builder: maker }),
    ...evaluationTasks({ ...common, ...recommend, newest: () => latestDueDay(calendar, clock.now(), 0) }),
    ...statisticsTasks({
      ...common,
      metrics: project.metrics,
      makersOf: (table, day) => [maker(table, day)].filter((need) => need !== undefined),
    }),
  ];
  const made = [
    ...tellPlaces(declared, project.root, (tables) => columnsOf(platform, tables)),
    upkeep,
    ...deliveryTasks(openDeliverer(platform), (day) => isDayLate(platform, day)),
  ];
  const names = made.map(({ name }) => name);
  const own = await loadProjectTasks(join(project.root, 'tasks'), platform, names);
  return createRegistry([...made, ...own], prepare);
}

async function columnsOf({ warehouse }: Platform, names: readonly string[]): Promise<readonly string[]> {
  const tables = await Promise.all(names.map((name) => warehouse.table(name)));
  return tables
    .flatMap((table) => (table === undefined ? [] : table.metadata.schemas.flatMap(({ fields }) => fields)))
    .map(({ name }) => name);
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
