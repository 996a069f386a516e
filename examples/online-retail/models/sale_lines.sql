/*
description: >
  What was sold. A row without a customer counts, with its invoice as the buyer: two rows of one invoice are
  one buyer, two invoices are two.
materialize: day
columns:
  business_day: {}
  line_id: { tests: [not_null, unique] }
  order_id: { description: invoice number }
  buyer_id: { description: 'customer:<id>, or invoice:<number> without one', personal: true, tests: [not_null] }
  item_id: { tests: [not_null] }
  kind: { tests: [{ accepted_values: [purchase] }] }
  copies: { tests: [not_null] }
  list_price: { description: pounds for one piece }
  paid: { description: pounds for the line }
  sold_at: {}
  countable: { description: false for rows without a price }
  not_counted_reason: {}
  has_customer: {}
  country: {}
*/
select
  business_day,
  line_id,
  invoice_no as order_id,
  coalesce(concat('customer:', nullif(customer_id, '')), concat('invoice:', invoice_no)) as buyer_id,
  item_id,
  'purchase' as kind,
  copies,
  unit_price as list_price,
  cast(copies * unit_price as decimal(18, 3)) as paid,
  sold_at,
  row_class = 'sale' as countable,
  case when row_class = 'free' then 'free' end as not_counted_reason,
  customer_id is not null as has_customer,
  country
from {{ ref('lines') }}
where business_day = {{ day }} and row_class in ('sale', 'free')
