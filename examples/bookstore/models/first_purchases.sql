/*
description: Who bought for the first time on the day. Reads every day up to its own of what the shop sold.
materialize: day
columns:
  business_day: {}
  reader_id: { personal: true, tests: [not_null, unique] }
*/
select max(business_day) as business_day, reader_id
from {{ ref('raw.shop_order_lines') }}
where business_day <= {{ day }} and paid > 0
group by reader_id
having min(business_day) = {{ day }}
