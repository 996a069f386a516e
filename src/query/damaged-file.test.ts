import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createCalendar, fileStorage, hasCode, seededRandom, systemClock } from '../base/index.ts';
import { openWarehouse } from '../warehouse/index.ts';
import { runGated } from './gate.ts';

test('a question over a damaged file says which file it is, though the engine may not see it; wrong SQL says nothing of files', async () => {
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
    const damages = [
      Buffer.from(bytes).fill(0, 4, bytes.length - 4),
      Buffer.from(bytes).fill((bytes[40] ?? 0) ^ 1, 40, 41),
    ];
    for (const damaged of damages) {
      await writeFile(path, damaged);
      await assert.rejects(
        runGated(warehouse, 'select sum(i) from lines'),
        (error) => hasCode(error, 'data_damaged') && error.message.includes(path),
      );
    }
    await writeFile(path, bytes);
    await assert.rejects(runGated(warehouse, 'select sum(j) from lines'), (error) =>
      hasCode(error, 'query_invalid'),
    );
  } finally {
    await warehouse.close();
    await rm(root, { recursive: true });
  }
});
