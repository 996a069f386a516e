/*
description:
  en: >
    What tells a reader's taste. The value of a rating is its stars; everything else is 1, and the recommender
    weighs the kinds.
  ko: >
    독자의 취향을 알려 주는 것. 별점의 값은 별의 수이고 나머지는 모두 1이며, 종류의 무게는 추천이 정합니다.
materialize: day
columns:
  business_day: {}
  reader_id: { personal: true, tests: [not_null] }
  item_id: { tests: [not_null] }
  kind: { tests: [{ accepted_values: [purchase, rental, subscription, rating, reading, finish] }] }
  value: { tests: [not_null] }
  happened_at: { tests: [not_null] }
*/
select business_day, buyer_id as reader_id, item_id, kind, cast(1.0 as double) as value, sold_at as happened_at
from {{ ref('sale_lines') }}
where business_day = {{ day }} and countable and kind in ('purchase', 'rental', 'subscription')
union all
select business_day, reader_id, item_id, 'rating' as kind, cast(rating as double) as value,
  {{ instant('rated_at') }} as happened_at
from {{ ref('raw.shop_ratings') }}
where business_day = {{ day }}
union all
select
  event.business_day, event.reader_id, listed.item.item_id,
  case when max(case when event.kind = 'finish_reading' then 1 else 0 end) = 1 then 'finish' else 'reading' end as kind,
  cast(1.0 as double) as value,
  max(event.occurred_at) as happened_at
from {{ ref('raw.events') }} as event
{{ each('event.items', 'listed') }}
where event.business_day = {{ day }} and event.kind in ('read_progress', 'finish_reading') and event.reader_id is not null
group by event.business_day, event.reader_id, listed.item.item_id
