/*
description:
  en: >
    Who was there, a row a device and day.
  ko: >
    누가 왔는지, 기기와 날마다 한 행.
materialize: day
columns:
  business_day: {}
  device_id: { personal: true, tests: [not_null, unique] }
  reader_id: { personal: true }
*/
select
  business_day,
  device_id,
  max(reader_id) as reader_id,
  cast(count(*) as bigint) as sessions,
  max(case when ordered then 1 else 0 end) = 1 as ordered,
  max(case when read_a_book then 1 else 0 end) = 1 as read_a_book
from {{ ref('sessions') }}
where business_day = {{ day }} and device_id is not null
group by business_day, device_id
