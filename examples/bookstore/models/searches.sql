/*
description:
  en: >
    What was searched for, a row a search; `results` is 0 for a search that found nothing.
  ko: >
    찾은 것, 검색마다 한 행. 아무것도 찾지 못하면 `results`가 0입니다.
materialize: day
columns:
  business_day: {}
  event_id: { tests: [not_null, unique] }
  session_id: { personal: true }
  search_term: { personal: true }
*/
select
  business_day,
  event_id,
  session_id,
  {{ json_text('properties', 'search_term') }} as search_term,
  try_cast({{ json_text('properties', 'result_count') }} as int) as results,
  occurred_at as searched_at
from {{ ref('raw.events') }}
where business_day = {{ day }} and kind = 'search'
