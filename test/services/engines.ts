import { mkdtempSync, rmSync, writeFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { missingForJava, missingForPyiceberg, needLine } from '../../services/needs.ts';
import { startSparkSql, type SparkSql } from '../../services/spark/spark-sql.ts';
import { createCalendar, fileStorage, seededRandom, systemClock } from '../../src/base/index.ts';
import { openWarehouse, type Warehouse } from '../../src/warehouse/index.ts';
import { openGate, type Gate } from './gate.ts';
import { runOctavo, startOctavo } from './octavo-process.ts';
import { startPyiceberg, type Pyiceberg } from './pyiceberg.ts';

/** Everything that the tests of this folder share: it is started once for all of them. */
export interface Engines {
  /** Octavo in this process, over the data folder that `octavo start` serves from another. */
  readonly warehouse: Warehouse;
  /** Between the other engines and the served catalogue. */
  readonly gate: Gate;
  /** A key for reading and writing, and one for reading only. */
  readonly keys: { readonly write: string; readonly read: string };
  /** Has the served catalogue as `octavo`. */
  readonly spark: SparkSql;
  readonly pyiceberg: Pyiceberg;
  readonly folder: string;
}

let opened: Promise<Engines> | undefined;
const closers: (() => Promise<void> | void)[] = [];

/** The engines, started by whoever asks first. */
export function engines(): Promise<Engines> {
  return (opened ??= open());
}

after(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

/** Octavo's tables of a data folder. */
export function openTables(root: string): Promise<Warehouse> {
  return openWarehouse({
    root,
    storage: fileStorage(),
    clock: systemClock,
    random: seededRandom(root),
    calendar: createCalendar(),
    memory: '400MB',
    threads: 1,
    processesMax: 2,
  });
}

async function open(): Promise<Engines> {
  const [missing] = [...missingForJava(), ...missingForPyiceberg()];
  if (missing !== undefined) throw new Error(needLine(missing));
  // A folder with a blank and letters beyond ASCII, as people have them.
  const folder = mkdtempSync(join(tmpdir(), 'octavo 서점-'));
  closers.push(() => rmSync(folder, { recursive: true }));
  const [project, data] = [join(folder, 'project'), join(folder, 'data')];
  mkdirSync(project);
  writeFileSync(
    join(project, 'octavo.config.ts'),
    `export default { name: 'services', batch: { cycle: false } };\n`,
  );
  const place = ['--project', project, '--data', data];
  const keyOf = (name: string, ...scopes: readonly string[]): string =>
    String(runOctavo('keys', 'create', name, ...place, ...scopes.flatMap((s) => ['--scope', s]))['key']);
  const keys = {
    write: keyOf('writer', 'tables:read', 'tables:write'),
    read: keyOf('reader', 'tables:read'),
  };
  const octavo = await startOctavo('start', ...place);
  closers.push(octavo.stop);
  const gate = await openGate(octavo.catalogUrl);
  closers.push(gate.close);
  const pyiceberg = startPyiceberg();
  closers.push(pyiceberg.stop);
  const warehouse = await openTables(data);
  closers.push(() => warehouse.close());
  const spark = await startSparkSql({
    catalog: { url: gate.url, key: keys.write },
    workFolder: join(folder, 'spark'),
  });
  closers.push(spark.stop);
  return { warehouse, gate, keys, spark, pyiceberg, folder };
}
