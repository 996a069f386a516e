import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createCalendar, fileStorage, hasCode, seededRandom, systemClock } from '../base/index.ts';
import { openWarehouse } from '../warehouse/index.ts';
import { runGated } from './gate.ts';

test('a question over a file that cannot be read says which file it is, and wrong SQL says nothing of files', async () => {
  const root = await mkdtemp(join(tmpdir(), 'octavo-damaged-'));
  const warehouse = await openWarehouse({
    root,
    storage: fileStorage(),
    clock: systemClock,
    random: seededRandom(1),
    calendar: createCalendar(),
    memory: '400MB',
    processesMax: 1,
  });
  try {
    await warehouse.write('model.lines', { select: 'select i from range(5000) t(i)', mode: 'replace' });
    const table = await warehouse.table('model.lines');
    assert.ok(table !== undefined);
    const [file] = (await warehouse.planScan(table)).files;
    const path = file?.path ?? '';
    const bytes = await readFile(path);
    await writeFile(path, bytes.fill(0, 4, bytes.length - 4));
    await assert.rejects(
      runGated(warehouse, 'select sum(i) from lines'),
      (error) => hasCode(error, 'data_damaged') && error.message.includes(path),
    );
    await assert.rejects(runGated(warehouse, 'select sum(j) from lines'), (error) =>
      hasCode(error, 'query_invalid'),
    );
  } finally {
    await warehouse.close();
    await rm(root, { recursive: true });
  }
});
