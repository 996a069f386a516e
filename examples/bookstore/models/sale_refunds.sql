/*
description:
  en: >
    What was given back on the day, with the business day of the sale it belongs to.
  ko: >
    그날 돌려준 것과 그것이 팔린 영업일.
materialize: day
columns:
  business_day: {}
  line_id: { tests: [not_null] }
  copies: { tests: [not_null] }
  amount: { tests: [not_null] }
  refunded_at: { tests: [not_null] }
  sale_business_day: { tests: [not_null] }
*/
select
  refund.business_day,
  cast(refund.line_id as varchar) as line_id,
  cast(refund.copies as int) as copies,
  cast(refund.amount as decimal(18, 2)) as amount,
  {{ instant('refund.refunded_at') }} as refunded_at,
  line.business_day as sale_business_day
from {{ ref('raw.shop_refunds') }} as refund
join {{ ref('raw.shop_order_lines') }} as line on line.line_id = refund.line_id
where refund.business_day = {{ day }}
