import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseModel } from './model.ts';

test('a model needs the tables that its SQL, its tests and its relationships read', () => {
  const text = `/*
columns:
  item_id: { tests: [not_null, { relationships: { to: titles, field: item_id } }] }
tests:
  - { name: paid, sql: "select * from {{ this }} where item_id not in (select item_id from {{ ref('raw.prices') }})" }
*/
select item_id from {{ ref('sales') }}`;
  const { refs } = parseModel({ text, name: 'sold', file: 'models/sold.sql' });
  assert.deepEqual(refs.toSorted(), ['model.sales', 'model.titles', 'raw.prices']);
});
