import { hostname } from 'node:os';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import packageFile from '../../package.json' with { type: 'json' };
import {
  openAccountStore,
  openKeyStore,
  type AccountStore,
  type ApiContext,
  type ExplainLines,
  type KeyStore,
} from '../api/index.ts';
import { createRegistry, openSqliteState, type BatchState, type Registry } from '../batch/index.ts';
import { titleLines } from '../bestseller/index.ts';
import {
  createCalendar,
  createLogger,
  fileStorage,
  describeConfig,
  loadConfig,
  lockFolder,
  OctavoError,
  removeTemporaries,
  seededRandom,
  systemClock,
  type Calendar,
  type Clock,
  type Config,
  type ConfigEntry,
  type FolderLock,
  type Logger,
  type Random,
  type SourceConfig,
  type Storage,
} from '../base/index.ts';
import type { Recommender } from '../recommend/index.ts';
import { openSqliteStore, type ServingStore } from '../serving/index.ts';
import { openWarehouse, type DuckdbEngine, type Warehouse } from '../warehouse/index.ts';
import { openLogs, type Ownership } from './event-logs.ts';
import { dataFolderExists, makeDataFolder } from './data-folder.ts';
import { createProjectRegistry } from './project-registry.ts';
import { loadProject, type Project } from './project.ts';
import type { StepReport } from './progress.ts';

/** The version of this code. */
export const codeVersion: string = packageFile.version;

/** Every part of a project, opened and wired. */
export interface Platform {
  readonly config: Config;
  /** Every key of it, with where its value comes from. */
  readonly configuration: () => Promise<readonly ConfigEntry[]>;
  readonly project: Project;
  /** Absolute path of the data folder. */
  readonly dataFolder: string;
  /** Sources with absolute paths. */
  readonly sources: Readonly<Record<string, SourceConfig>>;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly calendar: Calendar;
  readonly storage: Storage;
  readonly warehouse: Warehouse;
  readonly store: ServingStore;
  readonly state: BatchState;
  readonly keys: KeyStore;
  readonly accounts: AccountStore;
  readonly registry: Registry;
  readonly recommenders: ApiContext['recommenders'];
  /** Names this process in the batch state. */
  readonly worker: string;
  /** How much there is of each resource that tasks hold. */
  readonly resources: Readonly<Record<string, number>>;
  readonly explainLines: ExplainLines;
  /** Present when this process has the data folder for itself, or shares the event log with others in Kafka. */
  readonly ownership: Ownership | undefined;
  /** Loads everything that is in the event log. Errors: `locked` without ownership. */
  loadAll(options?: LoadAllOptions): Promise<Readonly<Record<string, number>>>;
  close(): Promise<void>;
}

/** How everything is loaded. */
export interface LoadAllOptions {
  readonly report?: Pick<StepReport, 'progress'>;
  /** Ends the load between two commits. */
  readonly signal?: AbortSignal;
}

export interface PlatformOptions {
  /** Folder with `octavo.config.ts`. */
  readonly projectDirectory: string;
  /** Data folder instead of the configured one. */
  readonly dataDirectory?: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly workingDirectory: string;
  /** Log lines as JSON. */
  readonly json: boolean;
  /**
   * Take the data folder for this process: needed to write the event log and to load it. `log`: only when the log is in the
   * folder; one in Kafka is shared.
   */
  readonly own: boolean | 'log';
  /** Shown to others as the holder of the data folder. Default `octavo`. */
  readonly command?: string;
  /** Takes each line of the log. Default: standard error. */
  readonly writeLog?: (line: string) => void;
  /** Paths of sources, instead of the configured ones. */
  readonly sourcePaths?: Readonly<Record<string, string>>;
  /** Called before a data folder is made that is not there: what it throws leaves nothing behind. */
  readonly beforeMaking?: (config: Config) => Promise<void>;
  /** The world instead of the machine's own, for simulations. */
  readonly world?: Partial<World>;
}

/** What a platform reaches of the world. */
export interface World {
  readonly clock: Clock;
  readonly storage: Storage;
  readonly random: Random;
  readonly log: Logger;
  /** Names this process among those that share the batch state. */
  readonly worker: string;
  /** An SQL engine that outlives the platform. */
  readonly engine: DuckdbEngine | undefined;
}

/** Opens a project. Errors name the file that is wrong; `locked` when another process owns the data folder. */
export async function openPlatform(options: PlatformOptions): Promise<Platform> {
  const { environment, workingDirectory } = options;
  const root = resolve(workingDirectory, options.projectDirectory);
  const config = await loadConfig(root, environment);
  const dataFolder = resolve(root, options.dataDirectory ?? config.data);
  if (!(await dataFolderExists(dataFolder))) await options.beforeMaking?.(config);
  await makeDataFolder(dataFolder);
  const closers: (() => Promise<void> | void)[] = [];
  const close = async (): Promise<void> => {
    const failures: unknown[] = [];
    for (const closer of closers.splice(0).toReversed()) {
      // One part that cannot be closed must not leave the others open.
      await Promise.resolve()
        .then(closer)
        .catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) throw failures[0];
  };
  try {
    const { clock, storage, random, log, worker, engine } = worldOf(options, config);
    const calendar = createCalendar(config.calendar);
    const project = await loadProject(root, storage, Object.keys(config.channels));
    const sources = placeSources({
      config,
      root,
      dataFolder,
      paths: options.sourcePaths ?? {},
      workingDirectory,
    });
    const own = options.own === true || (options.own === 'log' && config.eventLog === 'journal');
    if (own) {
      const holder = { pid: process.pid, command: options.command ?? 'octavo' };
      closers.push(releaser(lockFolder(join(dataFolder, 'lock'), holder)));
      const swept = sweep(dataFolder, clock, log);
      closers.push(() => swept);
    }
    const warehouse = await openWarehouse({
      root: dataFolder,
      storage,
      clock,
      random: random.fork('warehouse'),
      calendar,
      memory: config.warehouse.memory,
      ...(config.warehouse.threads === 0 ? {} : { threads: config.warehouse.threads }),
      queryTimeoutMs: config.warehouse.queryTimeoutMs,
      sourceFolders: Object.values(sources).flatMap((source) =>
        'path' in source ? [folderOf(source.path)] : [],
      ),
      ...(engine === undefined ? {} : { engine }),
    });
    closers.push(() => warehouse.close());
    const store = openSqliteStore({
      path: join(dataFolder, 'serving.db'),
      clock,
      random: random.fork('editions'),
    });
    closers.push(() => store.close());
    const state = openSqliteState({ path: join(dataFolder, 'batch.db'), clock });
    closers.push(() => state.close());
    // Only the holder of the data folder works: what others held, they left when they were killed.
    if (own) await state.endLeases();
    const keys = openKeyStore({
      path: join(dataFolder, 'api.db'),
      clock,
      ...(config.api.adminKey === undefined ? {} : { adminKey: config.api.adminKey }),
    });
    closers.push(() => keys.close());
    const accounts = openAccountStore({ path: join(dataFolder, 'users.db'), clock });
    closers.push(() => accounts.close());
    const ownership =
      options.own !== false
        ? await openLogs({ config, root, dataFolder, storage, log, warehouse }, closers)
        : undefined;
    const explainLines: ExplainLines = async ({ list, itemId, edition }) => {
      const declared = project.lists.find(({ id }) => id === list);
      if (declared === undefined) throw new OctavoError('list_not_found', `'${list}' is no longer declared`);
      return titleLines({ store, warehouse, list: declared, itemId, edition });
    };
    const loadAll: Platform['loadAll'] = async (load = {}) => {
      if (ownership === undefined)
        throw new OctavoError('locked', 'the event log is loaded by the process that owns it');
      return loadEverything(ownership, load);
    };
    const platform: Platform = {
      config,
      configuration: () => describeConfig(root, environment),
      project,
      dataFolder,
      sources,
      clock,
      random,
      log,
      calendar,
      storage,
      warehouse,
      store,
      state,
      keys,
      accounts,
      ownership,
      explainLines,
      loadAll,
      close,
      registry: createRegistry([]),
      recommenders: byUse(project.recommenders),
      worker,
      // One more than there are processes: while a task works on what it read, the next one asks.
      resources: { engine: 3 },
    };
    const registry = await createProjectRegistry(platform, codeVersion);
    return Object.assign(platform, { registry });
  } catch (error) {
    await close();
    throw error;
  }
}

/** Removes what killed processes left half written. A large folder takes its time, and nobody waits for it. */
async function sweep(dataFolder: string, clock: Clock, log: Logger): Promise<void> {
  const removed = await removeTemporaries(dataFolder, clock.now()).catch((error: unknown) => {
    log.warn('temporary files could not be removed', { error });
    return 0;
  });
  if (removed > 0) log.info('removed temporary files of processes that were killed', { files: removed });
}

function worldOf(options: PlatformOptions, config: Config): World {
  const { world = {} } = options;
  const clock = world.clock ?? systemClock;
  return {
    clock,
    storage: world.storage ?? fileStorage(),
    random: world.random ?? seededRandom(`${process.pid}:${clock.now()}`),
    log: world.log ?? createPlatformLog(config, options),
    worker: world.worker ?? `${hostname()}:${process.pid}`,
    engine: world.engine,
  };
}

async function loadEverything(
  { loader, logs }: Ownership,
  { report, signal }: LoadAllOptions,
): Promise<Readonly<Record<string, number>>> {
  const totals = { events: 0, duplicates: 0, late: 0, failed: 0 };
  const ends = await Promise.all(
    Array.from({ length: logs.events.partitions }, (_, partition) => logs.events.end(partition)),
  );
  const all = ends.reduce((sum, end) => sum + end, 0);
  for (let more = true; more;) {
    signal?.throwIfAborted();
    const outcome = await loader.loadOnce();
    totals.events += outcome.loaded;
    totals.duplicates += outcome.duplicates;
    totals.late += outcome.late;
    totals.failed += outcome.failed;
    report?.progress(totals.events + totals.duplicates, all, 'events');
    more = outcome.more;
  }
  return totals;
}

/** The project's recommenders by what they give; popularity is the last choice for a reader's own list. */
function byUse(recommenders: readonly Recommender[]): ApiContext['recommenders'] {
  const [related, personal] = [true, false].map((isRelated) =>
    recommenders.filter(({ algorithm }) => (algorithm === 'item-to-item') === isRelated),
  );
  const last = personal?.toSorted(
    (a, b) => Number(a.algorithm === 'popularity') - Number(b.algorithm === 'popularity'),
  );
  return {
    personal: (last ?? []).map(({ name }) => name),
    related: (related ?? []).map(({ name }) => name),
    described: Object.fromEntries(
      recommenders.map(({ name, algorithm, size }) => [name, { algorithm, size }]),
    ),
  };
}

function createPlatformLog(config: Config, { json, environment, writeLog }: PlatformOptions): Logger {
  const text =
    config.log.format === 'text' || (config.log.format === 'auto' && process.stderr.isTTY && !json);
  return createLogger({
    level: config.log.level,
    format: text ? 'text' : 'json',
    // https://no-color.org: any value but an empty one.
    colours: text && process.stderr.isTTY && (environment['NO_COLOR'] ?? '') === '',
    write: writeLog ?? ((line) => process.stderr.write(line)),
    clock: systemClock,
  });
}

/** Sources with absolute paths: relative to the project; those below the configured data folder move with `--data`. */
function placeSources(place: {
  readonly config: Config;
  readonly root: string;
  readonly dataFolder: string;
  readonly paths: Readonly<Record<string, string>>;
  readonly workingDirectory: string;
}): Readonly<Record<string, SourceConfig>> {
  const { config, root, dataFolder, paths, workingDirectory } = place;
  const configured = resolve(root, config.data);
  return Object.fromEntries(
    Object.entries(config.sources).map(([name, source]) => {
      const given = paths[name];
      if (!('path' in source)) {
        if (given === undefined) return [name, placeTls(source, root)];
        throw new OctavoError(
          'argument_invalid',
          `--from: source '${name}' is a database server, not a path`,
        );
      }
      if (given !== undefined) return [name, { ...source, path: resolve(workingDirectory, given) }];
      const path = isAbsolute(source.path) ? source.path : join(root, source.path);
      const below = relative(configured, path);
      const moves = !below.startsWith('..') && !isAbsolute(below);
      return [name, { ...source, path: moves ? join(dataFolder, below) : path }];
    }),
  );
}

/** The files of its certificates are relative to the project. */
function placeTls<S extends Extract<SourceConfig, { readonly tls: unknown }>>(source: S, root: string): S {
  const { ca, cert, key } = source.tls;
  const placed = Object.entries({ ca, cert, key }).flatMap(([name, path]) =>
    path === undefined ? [] : [[name, resolve(root, path)]],
  );
  return { ...source, tls: { ...source.tls, ...(Object.fromEntries(placed) as Partial<S['tls']>) } };
}

/** The folder that holds everything a glob can match. */
function folderOf(path: string): string {
  const glob = path.search(/[*?[{]/);
  return dirname(glob < 0 ? path : `${path.slice(0, glob)}x`);
}

function releaser(lock: FolderLock): () => void {
  return () => lock.release();
}
