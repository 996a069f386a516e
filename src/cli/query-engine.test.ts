import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createCalendar, fileStorage, resolveConfig, seededRandom, systemClock } from '../base/index.ts';
import { openWarehouse } from '../warehouse/index.ts';
import { openApiQueries } from './query-engine.ts';

test('questions run with the configuration as it is without a word of the project', async () => {
  const root = await mkdtemp(join(tmpdir(), 'octavo-query-engine-'));
  const warehouse = await openWarehouse({
    root,
    storage: fileStorage(),
    clock: systemClock,
    random: seededRandom(1),
    calendar: createCalendar(),
  });
  const config = resolveConfig({}, { env: {} });
  const queries = openApiQueries({ warehouse, dataFolder: root, config });
  try {
    const request = {
      id: 'q',
      owner: 'o',
      sql: 'select 1 as one',
      rowsMax: 1,
      bytesMax: 100,
      personal: false,
    };
    assert.deepEqual((await queries.run(request, new AbortController().signal)).rows, [{ one: 1 }]);
  } finally {
    await queries.close();
    await warehouse.close();
    await rm(root, { recursive: true });
  }
});
