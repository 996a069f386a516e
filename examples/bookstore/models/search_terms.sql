/*
description:
  en: >
    What was searched for, a row a term and day. Terms of fewer than three visits are left out: a rare term may
    tell of the reader who wrote it.
  ko: >
    찾은 말, 말과 날마다 한 행. 세 번보다 적은 방문의 말은 뺍니다. 드문 말은 쓴 독자를 드러낼 수 있습니다.
materialize: day
columns:
  business_day: {}
  search_term: { personal: false, tests: [not_null] }
*/
select
  business_day,
  lower(trim(search_term)) as search_term,
  cast(count(*) as bigint) as searches,
  cast(sum(case when results = 0 then 1 else 0 end) as bigint) as without_result
from {{ ref('searches') }}
where business_day = {{ day }} and search_term is not null
group by business_day, lower(trim(search_term))
having count(distinct session_id) >= 3
