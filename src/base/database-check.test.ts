import assert from 'node:assert/strict';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { databaseDamage } from './database-check.ts';
import { hasCode } from './errors.ts';
import { openDatabase } from './sqlite.ts';

test('a damaged database is told from a whole one, and is not opened', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'octavo-database-'));
  try {
    const path = join(folder, 'some.db');
    assert.equal(databaseDamage(path), undefined);
    const database = openDatabase({ path, migrations: ['create table numbers (n integer) strict'] });
    database.exec('insert into numbers values (1)');
    database.close();
    assert.equal(databaseDamage(path), undefined);
    const file = await open(path, 'r+');
    await file.write(Buffer.alloc(2_000, 0xff), 0, 2_000, 4_096);
    await file.close();
    assert.notEqual(databaseDamage(path), undefined);
    await writeFile(path, 'no database at all, and long enough to be looked at as one'.repeat(40));
    assert.match(databaseDamage(path) ?? '', /not a database/);
    assert.throws(
      () => openDatabase({ path, migrations: [] }),
      (error) => hasCode(error, 'database_damaged') && error.message.includes(path),
    );
  } finally {
    await rm(folder, { recursive: true });
  }
});
