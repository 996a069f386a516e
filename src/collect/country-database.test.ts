import assert from 'node:assert/strict';
import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { hasCode, silentLogger } from '../base/index.ts';
import { openCountryDatabase } from './country-database.ts';
import { mmdbOf } from './mmdb.fixture.ts';

test('countries come from a file of the MaxMind format, which may be replaced while it is used', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'octavo-country-'));
  const path = join(folder, 'countries.mmdb');
  let nowMs = Date.parse('2026-11-05T00:00:00Z');
  const clock = { now: () => nowMs, sleep: () => Promise.resolve() };
  const open = () => openCountryDatabase({ path, clock, logger: silentLogger });
  try {
    await assert.rejects(open(), (error) => hasCode(error, 'country_database_invalid'));
    await writeFile(path, 'no database');
    await assert.rejects(open(), (error) => hasCode(error, 'country_database_invalid'));
    const networks = { '1.201.0.0/16': 'KR', '203.0.113.0/24': 'JP', '198.51.100.128/25': 'T1' };
    await writeFile(path, mmdbOf(networks, { type: 'Test-Country', builtSeconds: 1_793_000_000 }));
    const countries = await open();
    const asked = ['1.201.7.8', '203.0.113.255', '203.0.114.0', '198.51.100.200', 'nonsense', '::1'];
    assert.deepEqual(asked.map(countries.lookup), ['KR', 'JP', ...Array.from({ length: 4 })]);
    assert.equal(countries.version(), 'Test-Country 2026-10-26');
    await writeFile(
      path,
      mmdbOf({ '1.201.0.0/16': 'US' }, { type: 'Test-Country', builtSeconds: 1_794_000_000 }),
    );
    await utimes(path, 1, 1);
    assert.equal(countries.lookup('1.201.7.8'), 'KR', 'within a minute the old one is used');
    nowMs += 61_000;
    countries.lookup('1.201.7.8');
    for (let tries = 0; countries.lookup('1.201.7.8') !== 'US'; tries++) {
      assert.ok(tries < 10_000, 'the new file is never read');
      await new Promise(setImmediate);
    }
    await writeFile(path, 'damaged');
    nowMs += 61_000;
    countries.lookup('1.201.7.8');
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(countries.lookup('1.201.7.8'), 'US', 'a damaged file is not taken');
  } finally {
    await rm(folder, { recursive: true });
  }
});
