import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nameParameters, typeParameters } from './statement-parameters.ts';

test('names what may be bound, and nothing that only looks so', () => {
  for (const [written, bound] of [
    ['select * from t where day = :day', 'select * from t where day = $day'],
    [':a+:b,(:c)', '$a+$b,($c)'],
    ['select \':day\', ":day", day::date -- :day', 'select \':day\', ":day", day::date -- :day'],
    ["select x[1:n], x[:n], {'a':b}, /* :c */ $$ :d $$", "select x[1:n], x[:n], {'a':b}, /* :c */ $$ :d $$"],
    ["where a = 'it''s' and b=:b", "where a = 'it''s' and b=$b"],
    ['where day between $from and :to', 'where day between $from and $to'],
  ] as const) {
    assert.equal(nameParameters(written), bound);
    assert.equal(nameParameters(written).length, written.length);
  }
});

test('takes types from casts first, then from the columns', () => {
  const columns: Readonly<Record<string, string>> = {
    business_day: 'date',
    price: 'decimal(18,2)',
    title: 'string',
    free: 'boolean',
  };
  const uses = [
    { name: 'a', type: 'DATE' },
    { name: 'b', column: 'business_day' },
    { name: 'c', column: 'price' },
    { name: 'd', column: 'title' },
    { name: 'e', column: 'free' },
    { name: 'f', type: 'INTEGER_LITERAL' },
    { name: 'g' },
  ];
  assert.deepEqual(
    typeParameters(uses, (column) => columns[column]).map(({ type }) => type),
    ['date', 'date', 'number', 'text', 'boolean', 'number', 'text'],
  );
});
