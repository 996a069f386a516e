/*
description:
  en: >
    How often a list showed a title at a position, and how often it was chosen there.
  ko: >
    목록이 어느 자리에 책을 보여 준 횟수와 거기에서 고른 횟수.
materialize: day
columns:
  business_day: {}
  list_id: { tests: [not_null] }
  position: { description: { en: 'from 1', ko: '1부터' } }
*/
select
  event.business_day,
  listed.item.item_list_id as list_id,
  cast(listed.item.index as int) as position,
  cast(sum(case when event.kind = 'view_item_list' then 1 else 0 end) as bigint) as shown,
  cast(sum(case when event.kind = 'select_item' then 1 else 0 end) as bigint) as chosen
from {{ ref('raw.events') }} as event
{{ each('event.items', 'listed') }}
where event.business_day = {{ day }} and event.kind in ('view_item_list', 'select_item') and listed.item.item_list_id is not null
group by event.business_day, listed.item.item_list_id, cast(listed.item.index as int)
