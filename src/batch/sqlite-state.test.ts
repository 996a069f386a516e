import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { manualClock, openDatabase } from '../base/index.ts';
import { batchMigrations } from './sqlite-schema.ts';
import { openSqliteState } from './sqlite-state.ts';
import { type StateUnderTest } from './ask-state.fixture.ts';
import { batchStateContract } from './state.contract.ts';

async function open(): Promise<StateUnderTest> {
  const folder = await mkdtemp(join(tmpdir(), 'octavo-state-'));
  const path = join(folder, 'batch.db');
  const clock = manualClock(Date.UTC(2026, 10, 3));
  const state = openSqliteState({ path, clock });
  const other = openSqliteState({ path, clock });
  const close = async (): Promise<void> => {
    await Promise.all([state.close(), other.close()]);
    await rm(folder, { recursive: true });
  };
  return { state, other, clock, close };
}

batchStateContract('the SQLite state', open);

test('a database of an older version is brought up to date, and its unfinished runs are lost', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'octavo-state-'));
  try {
    const path = join(folder, 'batch.db');
    const old = openDatabase({ path, migrations: batchMigrations.slice(0, 7) });
    old.exec(`insert into runs (goals, worker, started_ms) values ('["a"]', 'one', 5)`);
    old.close();
    const state = openSqliteState({ path, clock: manualClock(10_000) });
    const [run] = await state.runs();
    assert.deepEqual([run?.goals, run?.outcome], [['a'], 'lost']);
    await state.close();
  } finally {
    await rm(folder, { recursive: true });
  }
});
