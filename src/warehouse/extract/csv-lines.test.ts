import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { linesOf } from './csv-lines.ts';

test('positions are in the lines that an editor shows, whatever ends them', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'octavo-lines-'));
  try {
    const path = join(folder, 'a.csv');
    for (const end of ['\n', '\r\n', '\r']) {
      const lines = ['id,note', '1,"two', 'lines"', '', '2,x'];
      await writeFile(path, lines.join(end));
      const positions = [0, 1, 2, 3, 4].map(
        (count) => lines.slice(0, count).join(end).length + (count > 0 ? end.length : 0),
      );
      assert.deepEqual(await linesOf(path, positions), [1, 2, 3, 4, 5], JSON.stringify(end));
      assert.deepEqual(await linesOf(path, [3, 3, 9999]), [1, 1, 5]);
    }
    // A file of more than one chunk, whose chunks end between a carriage return and its line feed.
    await writeFile(path, `${'x'.repeat(65_535)}\r\n${'y'.repeat(65_534)}\r\nz`);
    assert.deepEqual(await linesOf(path, [0, 65_537, 131_073]), [1, 2, 3]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
