import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RecordsBatch } from '@platformatic/kafka';
import { unpackingOf } from './partition-reader.ts';

const batch = (length: number, values: readonly (number | undefined)[]): RecordsBatch =>
  ({
    length,
    records: values.map((size) => ({ value: size === undefined ? null : Buffer.alloc(size) })),
  }) as unknown as RecordsBatch;

test('a fetch asks for as many bytes as become the records that are wanted', () => {
  assert.equal(unpackingOf([]), undefined);
  assert.equal(unpackingOf([batch(100, [undefined])]), undefined, 'markers say nothing');
  assert.equal(unpackingOf([batch(100, [600, 200]), batch(60, [undefined, 800])]), 10);
  assert.equal(unpackingOf([batch(1000, [600])]), 1, 'heads of small batches weigh more than their records');
});
