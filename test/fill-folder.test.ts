import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fillFolder } from '../services/fill-folder.ts';

test('a folder that is fetched is there whole or not at all, and nothing of a killed fetch stays', (t) => {
  const place = mkdtempSync(join(tmpdir(), 'octavo-fill-'));
  t.after(() => rmSync(place, { recursive: true }));
  const ended = spawnSync(process.execPath, ['--version']).pid;
  const others = ['data.txt', `data.${process.ppid}`, 'data.1x'];
  for (const name of [...others, `data.${ended}`]) mkdirSync(join(place, name));
  const folder = join(place, 'data');
  const fill = (): void => fillFolder(folder, (begun) => writeFileSync(join(begun, 'a'), ''));
  const failed = (): void =>
    fillFolder(folder, (begun) => {
      writeFileSync(join(begun, 'a'), '');
      throw new Error('no network');
    });
  assert.throws(failed, /no network/);
  assert.deepEqual(readdirSync(place).toSorted(), others.toSorted());
  fill();
  assert.deepEqual(readdirSync(folder), ['a']);
  failed();
  assert.deepEqual(readdirSync(place).toSorted(), ['data', ...others].toSorted());
});
