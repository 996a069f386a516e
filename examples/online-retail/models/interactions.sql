/*
description: >
  Who bought what. A row without a customer speaks for its invoice, so that baskets without a customer still say
  which products are bought together.
materialize: day
columns:
  business_day: {}
  reader_id: { tests: [not_null], personal: true }
  item_id: { tests: [not_null] }
  kind: { tests: [{ accepted_values: [purchase] }] }
  value: {}
  happened_at: {}
*/
select
  business_day,
  buyer_id as reader_id,
  item_id,
  'purchase' as kind,
  cast(1 as double) as value,
  min(sold_at) as happened_at
from {{ ref('sale_lines') }}
where business_day = {{ day }} and countable
group by business_day, buyer_id, item_id
