/*
description: >
  Readers by the week of their sign-up, and how many of them read in every week after it. Weeks begin on Monday; the
  last week may not be over.
materialize: table
columns:
  cohort: { description: Monday of the sign-up, tests: [not_null] }
  age: { description: weeks since, tests: [not_null] }
  size: { description: readers of the cohort }
  active: { description: readers who read in the week }
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
