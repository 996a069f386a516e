/*
description:
  en: >
    Readers by the week of their sign-up, and how many of them read in every week after it. Weeks begin on
    Monday; the last week may not be over.
  ko: >
    가입한 주로 나눈 독자와, 그 뒤 주마다 읽은 사람 수. 주는 월요일에 시작하고, 마지막 주는 아직 끝나지 않았을 수
    있습니다.
materialize: table
columns:
  cohort: { description: { en: 'Monday of the sign-up', ko: '가입한 주의 월요일' }, tests: [not_null] }
  age: { description: { en: 'weeks since', ko: '그 뒤로 지난 주' }, tests: [not_null] }
  size: { description: { en: 'readers of the cohort', ko: '그 주에 가입한 독자' } }
  active: { description: { en: 'readers who read in the week', ko: '그 주에 읽은 독자' } }
*/
with weeks as (
  select week, row_number() over (order by week) as number
  from (
    select distinct cast(date_trunc('week', business_day) as date) as week from {{ ref('reading_days') }}
  ) as seen
),
cohorts as (
  select reader_id, cast(date_trunc('week', business_day) as date) as cohort
  from {{ ref('sign_ups') }}
  where kind = 'person'
),
sizes as (
  select cohort, cast(count(*) as bigint) as size from cohorts group by cohort
),
reading as (
  select distinct reader_id, cast(date_trunc('week', business_day) as date) as week from {{ ref('reading_days') }}
)
select
  sizes.cohort,
  cast(later.number - first.number as int) as age,
  sizes.size,
  cast(count(distinct reading.reader_id) as bigint) as active
from sizes
join weeks as first on first.week = sizes.cohort
join weeks as later on later.number >= first.number
left join cohorts on cohorts.cohort = sizes.cohort
left join reading on reading.reader_id = cohorts.reader_id and reading.week = later.week
group by sizes.cohort, later.number, first.number, sizes.size
