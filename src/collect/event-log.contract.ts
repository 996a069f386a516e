import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EventLog } from './event-log.ts';
import { recordsOf, runOf } from './record-runs.ts';

/** What every event log must do. `open` gives a fresh log with two partitions; the caller cleans up. */
export function eventLogContract(name: string, open: () => Promise<EventLog>): void {
  const bytes = (text: string): Buffer => Buffer.from(text);
  const limits = { recordsMax: 1000, bytesMax: 1 << 20 };

  test(`${name}: records come back in order, with their offsets`, async () => {
    const log = await open();
    assert.equal(await log.append(0, [bytes('a'), bytes('b')]), 0);
    assert.equal(await log.append(0, [bytes('c')]), 2);
    const batch = await log.read(0, 1, limits);
    assert.deepEqual(batch.records.map(String), ['b', 'c']);
    assert.deepEqual([batch.firstOffset, batch.nextOffset, batch.damage.length], [1, 3, 0]);
    assert.deepEqual([await log.start(0), await log.end(0), await log.end(1)], [0, 3, 0]);
    await log.close();
  });

  test(`${name}: packed records, where it takes them, are what others are`, async () => {
    const log = await open();
    const texts = ['one', 'second', 'three'];
    const records = {
      count: texts.length,
      byteLength: texts.join('').length,
      lengthOf: (index: number) => texts[index]?.length ?? 0,
      copyTo: (target: Buffer, at: number) => void target.write(texts.join(''), at),
    };
    const appended = log.appendPacked?.(0, records) ?? log.append(0, texts.map(bytes));
    const firsts = await Promise.all([appended, log.append(0, [bytes('next')])]);
    const batch = await log.read(0, 0, limits);
    assert.deepEqual(firsts, [0, 3]);
    assert.deepEqual(batch.records.map(String), [...texts, 'next']);
    await log.close();
  });

  test(`${name}: concurrent appends each get their own offsets`, async () => {
    const log = await open();
    const firsts = await Promise.all(
      Array.from({ length: 50 }, (_, index) => log.append(1, [bytes(`r${index}`)])),
    );
    assert.deepEqual(
      [...firsts].toSorted((left, right) => left - right),
      Array.from({ length: 50 }, (_, index) => index),
    );
    const batch = await log.read(1, 0, limits);
    for (const [index, first] of firsts.entries()) assert.equal(String(batch.records[first]), `r${index}`);
    await log.close();
  });

  test(`${name}: runs, where it has them, hold the records that a read gives`, async () => {
    const log = await open();
    for (let append = 0; append < 4; append++)
      await log.append(
        0,
        Array.from({ length: 5 }, (_, index) => bytes(`${append}.${'x'.repeat(index)}`)),
      );
    for (let from = 0; from <= 20; from++)
      for (const [recordsMax, bytesMax] of [
        [1, 1000],
        [7, 1000],
        [1000, 13],
        [1000, 1000],
      ] as const) {
        const limited = { recordsMax, bytesMax };
        const { records, ...read } = await log.read(0, from, limited);
        const { runs, ...batch } = (await log.readRuns?.(0, from, limited)) ?? {
          ...read,
          runs: [runOf(read.firstOffset, records)],
        };
        assert.deepEqual(batch, read);
        assert.deepEqual(runs.flatMap(recordsOf).map(String), records.map(String));
        let next = read.firstOffset;
        for (const run of runs.filter(({ bounds }) => bounds.length > 1)) {
          assert.equal(run.firstOffset, next);
          next += run.bounds.length - 1;
        }
      }
    await log.close();
  });

  test(`${name}: a read keeps its limits and is empty at the end`, async () => {
    const log = await open();
    await log.append(0, ['aaaa', 'bbbb', 'cccc'].map(bytes));
    assert.equal((await log.read(0, 0, { recordsMax: 2, bytesMax: 1000 })).nextOffset, 2);
    assert.equal((await log.read(0, 0, { recordsMax: 9, bytesMax: 1 })).nextOffset, 1);
    assert.deepEqual((await log.read(0, 3, limits)).records, []);
    await log.close();
  });
}
