import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { constants, gunzipSync, gzipSync } from 'node:zlib';
import { seededRandom } from '../../../base/index.ts';
import { inFolder, shipLine, shipLines } from '../ship.fixture.ts';
import { isCutShort, isDamage, openGzip } from './gzip-reader.ts';
import { machineLogFiles } from './log-files.ts';

/** Everything that a reader gives, and what it ends with. */
async function readAll(path: string): Promise<{ readonly bytes: Buffer; readonly error: unknown }> {
  const file = machineLogFiles().open(path);
  assert.ok(file !== undefined);
  const reader = openGzip(file);
  const parts: Buffer[] = [];
  try {
    for (;;) {
      const chunk = await reader.next();
      if (chunk === undefined) return { bytes: Buffer.concat(parts), error: undefined };
      parts.push(chunk);
    }
  } catch (error) {
    return { bytes: Buffer.concat(parts), error };
  } finally {
    reader.close();
  }
}

const upTo = (bytes: Buffer, end: number): Buffer =>
  end < 20 ? Buffer.alloc(0) : gunzipSync(bytes.subarray(0, end), { finishFlush: constants.Z_SYNC_FLUSH });

test('all that stands before the damage of a compressed file is read, whatever byte is lost or flipped', () =>
  inFolder(async (folder) => {
    const random = seededRandom(3);
    const numbers = Array.from({ length: 400 }, () => random.below(1e6));
    const content = Buffer.from(numbers.map(shipLine).join('') + shipLines(0, 9000));
    // As logrotate and pigz write them: several members behind each other.
    const half = content.length >> 1;
    const whole = Buffer.concat([gzipSync(content.subarray(0, half)), gzipSync(content.subarray(half))]);
    const path = join(folder, 'a.gz');
    let [cuts, flips] = [0, 0];
    for (let turn = 0; turn < 40; turn++) {
      const at = random.below(whole.length);
      if (turn % 2 === 0) {
        writeFileSync(path, whole.subarray(0, at));
        const { bytes, error } = await readAll(path);
        // Between two members a file is whole.
        assert.ok(error === undefined || isCutShort(error));
        assert.ok(bytes.equals(upTo(whole, at)), `cut at ${at}`);
        cuts += 1;
      } else {
        const broken = Buffer.from(whole);
        broken[at] = (broken[at] ?? 0) ^ (1 << random.below(8));
        writeFileSync(path, broken);
        const { bytes, error } = await readAll(path);
        const before = upTo(whole, at);
        assert.ok(bytes.subarray(0, before.length).equals(before), `flipped at ${at}`);
        // A flip in a header may change nothing.
        assert.ok(error === undefined ? bytes.equals(content) : isDamage(error), `flipped at ${at}`);
        flips += 1;
      }
    }
    assert.deepEqual([cuts, flips], [20, 20]);
    const second = gzipSync(content.subarray(0, half)).length;
    for (const at of [0, 1, 2, 3, 4, 9, second, second + 1, second + 2, second + 3, whole.length - 1]) {
      const broken = Buffer.from(whole);
      broken[at] = (broken[at] ?? 0) ^ 0x55;
      writeFileSync(path, broken);
      const { bytes, error } = await readAll(path);
      assert.ok(
        error === undefined ? bytes.equals(content) : isDamage(error),
        `flipped at ${at}: ${bytes.length} ${String(error)}`,
      );
    }
    writeFileSync(path, whole);
    assert.ok((await readAll(path)).bytes.equals(content));
  }));
