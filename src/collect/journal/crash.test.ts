import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { faultyStorage, fileStorage, seededRandom } from '../../base/index.ts';
import { packedOf } from './packed.ts';
import { recordsOf } from '../record-runs.ts';
import { Partition } from './partition.ts';
import { silentLogger } from '../../base/index.ts';

const limits = { recordsMax: 100_000, bytesMax: 1 << 24 };

for (const fault of ['crash', 'full', 'fail'] as const) {
  test(`acknowledged records are there once, in order, after every ${fault}`, async () => {
    const root = await mkdtemp(join(tmpdir(), 'octavo-crash-'));
    for (let seed = 1; seed <= 20; seed++) {
      const random = seededRandom(seed);
      const storage = faultyStorage(fileStorage(), {
        seed,
        at: 1 + random.below(40),
        fault,
        times: 1 + random.below(3),
      });
      const options = {
        storage,
        directory: join(root, `s${seed}`),
        partition: 0,
        segmentBytes: 400,
        logger: silentLogger,
      };
      const acknowledged = new Map<number, string>();
      let written = 0;
      for (let life = 0; life < 4; life++) {
        const partition = await Partition.open(options).catch(() => undefined);
        for (let round = 0; round < 8; round++) {
          if (partition === undefined) break;
          const group = Array.from({ length: 1 + random.below(4) }, () => `record ${++written}`);
          await Promise.all(
            group.map((text) =>
              partition.append(packedOf([Buffer.from(text)])).then(
                (offset) => acknowledged.set(offset, text),
                () => undefined,
              ),
            ),
          );
        }
        if (fault === 'crash' && !storage.crashed) await storage.crash();
        else await partition?.close().catch(() => undefined);
        storage.restart({ seed: seed * 100 + life, at: 1 + random.below(40), fault });
      }
      storage.restart({ seed });
      const partition = await Partition.open(options);
      const texts: string[] = [];
      for (let next = 0; next < partition.end;) {
        const batch = await partition.read(next, limits);
        assert.deepEqual(batch.damage, [], `seed ${seed}`);
        assert.ok(batch.nextOffset > next);
        texts.push(...batch.runs.flatMap(recordsOf).map(String));
        next = batch.nextOffset;
      }
      for (const [offset, text] of acknowledged)
        assert.equal(texts[offset], text, `seed ${seed}, offset ${offset}`);
      assert.equal(new Set(texts).size, texts.length, `seed ${seed}: a record is there twice`);
      await partition.close();
    }
    await rm(root, { recursive: true, force: true });
  });
}
