import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  createCalendar,
  fileStorage,
  manualClock,
  resolveConfig,
  seededRandom,
  silentLogger,
  systemClock,
  type ManualClock,
} from '../../base/index.ts';
import type { SqlValue } from '../engine-port.ts';
import type { Warehouse } from '../warehouse-port.ts';
import { openWarehouse } from '../warehouse.ts';
import { extractSource, sourceUnits, type SourceContext } from './source.ts';

/** A warehouse and a folder of source files, for tests; Berlin's days begin at midnight. */
export interface ExtractWorld {
  readonly warehouse: Warehouse;
  /** Where the sources lie. */
  readonly folder: string;
  readonly clock: ManualClock;
  /** Writes a source file; returns its path. */
  write(name: string, content: string | Uint8Array): Promise<string>;
  /** The sources as a configuration declares them. */
  sources(declared: Readonly<Record<string, object>>): SourceContext;
  /** Brings every table of the sources up to date; returns what was counted, added up. */
  extract(declared: Readonly<Record<string, object>>): Promise<Readonly<Record<string, number>>>;
  rows(sql: string): Promise<readonly Readonly<Record<string, SqlValue>>[]>;
  /** What was kept of broken rows of a source: `file:line column`. */
  rejected(source: string): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** Opens a world of its own; the tables' files lie in `tables`, where that is given, beside everything else otherwise. */
export async function openExtractWorld(tables?: string): Promise<ExtractWorld> {
  const root = await mkdtemp(join(tmpdir(), 'octavo-extract-'));
  const folder = join(root, 'sources');
  await mkdir(folder);
  if (tables !== undefined) {
    await mkdir(join(root, 'data'));
    await symlink(tables, join(root, 'data/warehouse'));
  }
  // Time stands still until it is moved, but who lost a race may wait.
  const clock = { ...manualClock(Date.parse('2026-11-05T12:00:00Z')), sleep: systemClock.sleep };
  const warehouse = await openWarehouse({
    root: join(root, 'data'),
    storage: fileStorage(),
    clock,
    random: seededRandom(root),
    calendar: createCalendar({ timeZone: 'Europe/Berlin', dayStart: '00:00' }),
    memory: '400MB',
    processesMax: 2,
    sourceFolders: [folder],
  });
  const sources = (declared: Readonly<Record<string, object>>): SourceContext => ({
    warehouse,
    sources: resolveConfig({ sources: declared }, { env: {} }).sources,
    log: silentLogger,
  });
  const rows: ExtractWorld['rows'] = async (sql) => (await warehouse.query(sql)).rows;
  return {
    warehouse,
    folder,
    clock,
    sources,
    rows,
    write: async (name, content) => {
      const path = join(folder, name);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, content);
      return path;
    },
    extract: async (declared) => {
      const context = sources(declared);
      const totals: Record<string, number> = {};
      for (const table of sourceUnits(context)) {
        for (const [name, value] of Object.entries(await extractSource(context, table)))
          totals[name] = (totals[name] ?? 0) + value;
      }
      return totals;
    },
    rejected: async (source) => {
      if ((await warehouse.table('raw.rejected_rows')) === undefined) return [];
      const found = await rows(
        `select file, line, column_name from raw.rejected_rows where source = '${source}' order by file, line`,
      );
      return found.map((row) =>
        [`${String(row['file'])}:${String(row['line'])}`, row['column_name'] ?? ''].join(' ').trim(),
      );
    },
    close: async () => {
      await warehouse.close();
      await rm(root, { recursive: true });
    },
  };
}
