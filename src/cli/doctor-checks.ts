import { stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { databaseDamage, folderHolder, OctavoError, type BusinessDay, type Storage } from '../base/index.ts';
import { editionKinds, verifyEdition } from '../serving/index.ts';
import {
  currentSnapshot,
  damageOf,
  localPath,
  offerOf,
  tableName,
  type DataFile,
  type LoadedTable,
  type TableId,
} from '../warehouse/index.ts';
import type { Finding } from './finding.ts';
import type { Platform } from './platform.ts';
import { eventLog } from './doctor-event-log.ts';
import { assertProjectTables } from './declared-place.ts';

const freeBytesMin = 2 * 1024 ** 3;
const databases = ['catalog.db', 'batch.db', 'serving.db', 'api.db', 'users.db'];
const filesNamedMax = 3;

/** What can be looked at before a project is opened: the machine, and the database files. */
export async function checkFolder(dataFolder: string): Promise<readonly Finding[]> {
  const { bavail, bsize } = await statfs(dataFolder);
  const free = bavail * bsize;
  const holder = folderHolder(join(dataFolder, 'lock'));
  const held = holder === undefined ? '' : `, held by ${holder.command} (process ${holder.pid})`;
  const findings: Finding[] = [
    { check: 'node', status: 'ok', detail: process.version },
    {
      check: 'disk',
      status: free < freeBytesMin ? 'warning' : 'ok',
      detail: `${(free / 1024 ** 3).toFixed(1)} GiB free`,
    },
    { check: 'data folder', status: 'ok', detail: `${dataFolder}${held}` },
  ];
  for (const name of databases) {
    const damage = databaseDamage(join(dataFolder, name));
    if (damage !== undefined)
      findings.push({ check: name, status: 'wrong', detail: `${damage}; restore it from a backup` });
  }
  return findings;
}

/** Everything of an opened project. A check that fails is a finding, and the next one is made. */
export async function checkPlatform(platform: Platform): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const { name, look } of checks) {
    try {
      findings.push(...(await look(platform)));
    } catch (error) {
      findings.push({ check: name, status: 'wrong', detail: messageOf(error) });
    }
  }
  return findings;
}

/** What was thrown, with what to do. */
export function messageOf(error: unknown): string {
  return error instanceof OctavoError ? `${error.message} (${error.hint})` : String(error);
}

interface Check {
  readonly name: string;
  readonly look: (platform: Platform) => Promise<readonly Finding[]>;
}

const checks: readonly Check[] = [
  { name: 'project', look: project },
  { name: 'sources', look: sources },
  { name: 'event log', look: eventLog },
  { name: 'engine', look: engine },
  { name: 'tables', look: tables },
  { name: 'editions', look: editions },
  { name: 'tasks', look: tasks },
];

async function project(platform: Platform): Promise<readonly Finding[]> {
  const { project: declared, registry } = platform;
  await assertProjectTables(platform);
  const { root, lists, metrics, recommenders } = declared;
  const counts = [
    `${lists.length} lists`,
    `${metrics.size} metrics`,
    `${recommenders.length} recommenders`,
    `${registry.tasks.length} tasks`,
  ];
  return [{ check: 'project', status: 'ok', detail: `${root}: ${counts.join(', ')}` }];
}

async function sources({ sources: configured }: Platform): Promise<readonly Finding[]> {
  return Promise.all(
    Object.entries(configured).map(async ([name, source]): Promise<Finding> => {
      const { type } = source;
      const check = `source ${name}`;
      if (!('path' in source))
        return {
          check,
          status: 'ok',
          detail: `${type} ${source.host}:${source.port}, see octavo sources test`,
        };
      const { path } = source;
      if (type !== 'sqlite') return { check, status: 'ok', detail: `${type} ${path}` };
      const there = await stat(path).catch(() => undefined);
      if (there === undefined) return { check, status: 'warning', detail: `${path} is not there (yet)` };
      const damage = databaseDamage(path);
      return { check, status: damage === undefined ? 'ok' : 'wrong', detail: `${path}${damage ?? ''}` };
    }),
  );
}

/** Tables whose files are there and which the catalogue does not know. */
async function unknownTables({
  storage,
  warehouse: { catalog },
  dataFolder,
}: Platform): Promise<readonly Finding[]> {
  const known = new Set<string>();
  for (const namespace of await catalog.namespaces())
    for (const id of await catalog.tables(namespace)) known.add(tableName(id));
  const unknown: string[] = [];
  const root = join(dataFolder, 'warehouse');
  for (const namespace of (await storage.list(root)).filter((one) => one.directory))
    for (const table of (await storage.list(join(root, namespace.name))).filter((one) => one.directory)) {
      const name = `${namespace.name}.${table.name}`;
      const files = known.has(name)
        ? []
        : await storage.list(join(root, namespace.name, table.name, 'metadata'));
      if (files.some((file) => file.name.endsWith('.metadata.json'))) unknown.push(name);
    }
  if (unknown.length === 0) return [];
  const names = `${unknown.slice(0, filesNamedMax).join(', ')}${unknown.length > filesNamedMax ? ', …' : ''}`;
  const detail =
    `the files of ${unknown.length} tables are there that catalog.db does not know: ${names}; ` +
    'restore catalog.db from a backup, or remove the folders of tables that were dropped';
  return [{ check: 'catalog', status: 'wrong', detail }];
}

async function engine({ warehouse }: Platform): Promise<readonly Finding[]> {
  const { rows } = await warehouse.query('select version() as version');
  return [{ check: 'engine', status: 'ok', detail: `DuckDB ${String(rows[0]?.['version'])}` }];
}

async function tables(platform: Platform): Promise<readonly Finding[]> {
  const { catalog } = platform.warehouse;
  const findings: Finding[] = [...(await unknownTables(platform))];
  for (const namespace of await catalog.namespaces()) {
    for (const id of await catalog.tables(namespace)) {
      const check = tableName(id);
      try {
        findings.push({ check, ...(await checkTable(platform, id)) });
      } catch (error) {
        findings.push({ check, status: 'wrong', detail: remedyOf(id, error) });
      }
    }
  }
  return findings;
}

async function checkTable(platform: Platform, id: TableId): Promise<Omit<Finding, 'check'>> {
  const { warehouse, dataFolder } = platform;
  const table = await warehouse.catalog.load(id);
  const { metadata } = table;
  const snapshot = currentSnapshot(metadata);
  if (snapshot === undefined) return { status: 'ok', detail: 'empty' };
  const location = localPath(metadata.location);
  if (!location.startsWith(dataFolder) && location.endsWith(join('warehouse', id.namespace, id.name)))
    return {
      status: 'wrong',
      detail: `its files are named in ${location}: the data folder was moved or copied; tables stay where they are`,
    };
  const { files } = await warehouse.planScan(table);
  const broken = await brokenFiles(platform.storage, files);
  if (broken.length > 0) {
    const offer = offerOf(await warehouse.lastGood(table));
    return { status: 'wrong', detail: `${brokenText(table, broken)}; ${offer}` };
  }
  const name = tableName(id);
  // Counted in the snapshot itself: events may arrive while this runs.
  const { rows } = await warehouse.query(`select count(*) as n from ${name}`, {
    pins: { [name]: snapshot['snapshot-id'] },
  });
  const [counted, stated] = [Number(rows[0]?.['n']), Number(snapshot.summary['total-records'])];
  return counted === stated
    ? { status: 'ok', detail: `${counted} rows in ${files.length} files` }
    : { status: 'wrong', detail: `${counted} rows can be read, the snapshot states ${stated}` };
}

interface BrokenFile {
  readonly file: DataFile;
  readonly about: string;
}

async function brokenFiles(storage: Storage, files: readonly DataFile[]): Promise<readonly BrokenFile[]> {
  const broken: BrokenFile[] = [];
  for (const file of files) {
    const about = await damageOf(storage, file);
    if (about !== undefined) broken.push({ file, about });
  }
  return broken;
}

/** Which files are broken, and the call that makes the days in them again. */
function brokenText({ id }: LoadedTable, broken: readonly BrokenFile[]): string {
  const named = broken.slice(0, filesNamedMax).map(({ file, about }) => `${localPath(file.path)} ${about}`);
  const more = broken.length > named.length ? [`${broken.length - named.length} more`] : [];
  const days = [
    ...new Set(broken.map(({ file }) => dayOf(file)).filter((day) => day !== undefined)),
  ].toSorted((a, b) => (a < b ? -1 : 1));
  const [first, last] = [days[0], days.at(-1)];
  const again =
    id.namespace !== 'model'
      ? 'restore them from a backup'
      : first === undefined
        ? `make it again: octavo run model:${id.name} --force`
        : `make them again: octavo backfill model:${id.name} --from ${first} --to ${last} --force`;
  return `${[...named, ...more].join(', ')}; ${again}`;
}

function dayOf({ partition }: DataFile): BusinessDay | undefined {
  const days = partition['business_day'];
  return typeof days === 'number' ? new Date(days * 86_400_000).toISOString().slice(0, 10) : undefined;
}

function remedyOf(id: TableId, error: unknown): string {
  if (!(error instanceof OctavoError) || error.code !== 'metadata_damaged') return messageOf(error);
  return error.details['lastGood'] === undefined
    ? `${error.message}; restore it from a backup`
    : `${error.message}; go back to it: octavo doctor --restore ${tableName(id)}`;
}

async function editions({ store }: Platform): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const kind of editionKinds) {
    for (const name of await store.names(kind)) {
      const edition = await store.current(kind, name);
      if (edition === undefined) continue;
      const verified = await verifyEdition(store, edition.id);
      const whole = verified?.intact === true;
      const about = `${edition.business_day}, revision ${edition.revision}`;
      findings.push({
        check: `${kind} ${name}`,
        status: whole ? 'ok' : 'wrong',
        detail: whole ? about : `${about}: its contents do not have its hash; publish the day again`,
      });
    }
  }
  return findings;
}

async function tasks({ state }: Platform): Promise<readonly Finding[]> {
  const [run] = await state.runs({ limit: 1 });
  if (run === undefined) return [];
  const failed = run.outcome === 'failed';
  const detail = `run ${run.runId}, ${run.outcome ?? 'running'}${failed ? '; see `octavo status`' : ''}`;
  return [{ check: 'newest run', status: failed ? 'warning' : 'ok', detail }];
}
