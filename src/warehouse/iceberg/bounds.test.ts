import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import {
  boundLengthMax,
  compareValues,
  decodeValue,
  encodeValue,
  truncateLower,
  truncateUpper,
  type SingleValue,
} from './bounds.ts';
import { parseValue } from './single-value.ts';

const values: Readonly<Record<string, fc.Arbitrary<SingleValue>>> = {
  boolean: fc.boolean(),
  int: fc.integer(),
  date: fc.integer({ min: -100_000, max: 100_000 }),
  long: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  timestamptz: fc.bigInt({ min: -(2n ** 62n), max: 2n ** 62n }),
  double: fc.double({ noNaN: true }),
  string: fc.string({ unit: 'binary' }),
  uuid: fc.uuid(),
  'decimal(38,2)': fc.bigInt({ min: -(10n ** 38n), max: 10n ** 38n }),
  binary: fc.uint8Array().map((bytes) => Buffer.from(bytes)),
};

describe('a bound', () => {
  for (const [type, arbitrary] of Object.entries(values)) {
    it(`of type ${type} is read as it was written`, () => {
      fc.assert(
        fc.property(arbitrary, (value) =>
          assert.deepEqual(decodeValue(type, encodeValue(type, value)), value),
        ),
      );
    });
  }

  it('stays a bound when it is cut', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary', maxLength: 40 }),
          fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
        ),
        (value) => {
          const [lower, upper] = [truncateLower(value), truncateUpper(value)];
          assert.ok(compareValues(lower, value) <= 0);
          assert.ok(upper === undefined || compareValues(upper, value) >= 0);
          for (const bound of [lower, upper])
            if (bound !== undefined) assert.ok(Array.from(bound as string).length <= boundLengthMax);
        },
      ),
    );
    assert.equal(truncateUpper(`${'가'.repeat(15)}\u{10ffff}x`), `${'가'.repeat(14)}각`);
    assert.equal(truncateUpper('\u{10ffff}'.repeat(17)), undefined);
  });

  it('has the bytes that the specification gives', () => {
    assert.equal(encodeValue('decimal(9,2)', 1420n).toString('hex'), '058c');
    assert.equal(encodeValue('decimal(9,2)', -1n).toString('hex'), 'ff');
    assert.equal(encodeValue('int', 1).toString('hex'), '01000000');
    assert.equal(
      encodeValue('uuid', 'f79c3e09-677c-4bbd-a479-3f349cb785e7').toString('hex'),
      'f79c3e09677c4bbda4793f349cb785e7',
    );
    assert.equal(decodeValue('long', Buffer.from('ffffffff', 'hex')), -1n);
  });

  it('is parsed from an engine’s text, or left out', () => {
    assert.equal(
      parseValue('timestamptz', '2024-02-03 01:02:03.5+00'),
      BigInt(Date.UTC(2024, 1, 3, 1, 2, 3, 500)) * 1000n,
    );
    assert.equal(
      parseValue('timestamptz', '2024-02-03T10:02:03.5+09:00'),
      BigInt(Date.UTC(2024, 1, 3, 1, 2, 3, 500)) * 1000n,
    );
    assert.equal(parseValue('decimal(18,2)', '-12.3'), -1230n);
    assert.equal(parseValue('decimal(18,2)', '12.345'), undefined);
    assert.equal(parseValue('date', '0044-03-15 (BC)'), undefined);
    assert.equal(parseValue('timestamp', 'infinity'), undefined);
    assert.deepEqual(parseValue('binary', 'a\\xFF'), Buffer.from([97, 255]));
  });
});
