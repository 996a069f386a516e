import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { faultyStorage, fileStorage, manualClock, seededRandom } from '../../base/index.ts';
import { createSqliteCatalog } from '../catalog/sqlite-catalog.ts';
import type { TableContext } from './commit-options.ts';
import type { DataFileInput } from './data-file.ts';
import { planScan } from './scan.ts';
import { createTableFiles } from './table-files.ts';
import { append, createTable, replaceDays } from './verbs.ts';

const root = await mkdtemp(join(tmpdir(), 'octavo-crash-'));
after(() => rm(root, { recursive: true }));
const id = { namespace: 'raw', name: 't' };
const day = '2026-01-01';

describe('a commit', () => {
  for (const fault of ['crash', 'full', 'fail'] as const) {
    it(`leaves the old or the new contents when every one of its operations meets '${fault}'`, async () => {
      let [olds, news] = [0, 0];
      for (let at = 1; at <= operationsMax; at++) {
        const outcome = await commitWithFault(fault, at);
        if (outcome === 'unharmed') {
          assert.ok(olds > 0, 'a fault before the swap must leave the old contents');
          return;
        }
        if (outcome === 'old') olds += 1;
        else news += 1;
      }
      assert.fail(`the commit has more than ${operationsMax} operations (${olds} old, ${news} new)`);
    });
  }
});

async function commitWithFault(
  fault: 'crash' | 'full' | 'fail',
  at: number,
): Promise<'old' | 'new' | 'unharmed'> {
  const folder = join(root, `${fault}-${at}`);
  const real = fileStorage();
  await real.makeDirectory(folder);
  const storage = faultyStorage(real, { seed: at });
  const open = (inner: typeof real): TableContext => {
    const [clock, random] = [manualClock(1_000_000), seededRandom(at)];
    const catalog = createSqliteCatalog({
      path: join(folder, 'catalog.db'),
      warehouseFolder: folder,
      storage: inner,
      clock,
      random,
    });
    return {
      catalog,
      storage: inner,
      clock,
      random: seededRandom(`${at} commits`),
      files: createTableFiles(inner),
    };
  };
  const context = open(storage);
  const table = await createTable(context, id, {
    columns: [{ name: 'business_day', type: 'date' }],
    partitionBy: 'business_day',
  });
  const file = async (name: string): Promise<DataFileInput> => {
    const path = join(table.metadata.location, `${name}.parquet`);
    await real.makeDirectory(table.metadata.location);
    await writeFile(path, name);
    return { path, recordCount: 1, sizeBytes: name.length, day };
  };
  await append(context, id, [await file('old')]);
  const next = await file('new');
  storage.restart({ seed: at, at, fault });
  const failed = await replaceDays(context, id, [day], [next]).then(
    () => undefined,
    (error: unknown) => error,
  );
  const harmed = storage.operations >= at;
  await context.catalog.close();
  const again = open(real);
  const paths = async (): Promise<readonly string[]> => {
    const { metadata } = await again.catalog.load(id);
    return (await planScan(again.files, metadata)).files.map((found) => found.path.slice(-11, -8));
  };
  const [found, ...others] = await paths();
  assert.deepEqual(others, []);
  assert.ok(found === 'old' || found === 'new', `found ${found}`);
  if (failed === undefined) assert.equal(found, 'new');
  await append(again, id, [await file('top')]);
  assert.deepEqual((await paths()).toSorted(), [found, 'top']);
  await again.catalog.close();
  return harmed ? found : 'unharmed';
}

const operationsMax = 40;
