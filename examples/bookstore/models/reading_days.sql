/*
description:
  en: >
    How long a reader read on the day, a row a reader.
  ko: >
    독자가 그날 읽은 시간, 독자마다 한 행.
materialize: day
columns:
  business_day: {}
  reader_id: { personal: true, tests: [not_null, unique] }
  seconds: { tests: [not_null] }
*/
select
  business_day,
  reader_id,
  cast(
    sum(
      coalesce(
        try_cast({{ json_text('properties', 'seconds') }} as double),
        try_cast({{ json_text('properties', 'duration_seconds') }} as double),
        0
      )
    ) as bigint
  ) as seconds,
  cast(sum(case when kind = 'finish_reading' then 1 else 0 end) as bigint) as finished
from {{ ref('raw.events') }}
where business_day = {{ day }} and kind in ('read_progress', 'finish_reading') and reader_id is not null
group by business_day, reader_id
