/*
description:
  en: >
    How far a visit came on the way to an order, a row a session. A step counts when every step before it was
    taken.
  ko: >
    방문이 주문까지 어디만큼 갔는지, 방문마다 한 행. 앞 단계를 모두 거친 단계만 셉니다.
materialize: day
columns:
  business_day: {}
  session_id: { personal: true, tests: [not_null, unique] }
  step: { description: { en: '0 for none to 5 for an order', ko: '0은 없음, 5는 주문' }, tests: [not_null] }
*/
with taken as (
  select
    event.business_day,
    event.session_id,
    max(case when event.kind = 'view_item_list' then 1 else 0 end) as listed,
    max(case when event.kind = 'view_item' then 1 else 0 end) as viewed,
    max(case when event.kind = 'add_to_cart' then 1 else 0 end) as carted,
    max(case when event.kind = 'begin_checkout' then 1 else 0 end) as checked_out,
    max(case when event.kind in ('purchase', 'gift') then 1 else 0 end) as ordered
  from {{ ref('raw.events') }} as event
  where event.business_day = {{ day }} and event.session_id is not null
  group by event.business_day, event.session_id
)
select
  taken.business_day,
  taken.session_id,
  session.platform,
  case
    when taken.listed = 0 then 0
    when taken.viewed = 0 then 1
    when taken.carted = 0 then 2
    when taken.checked_out = 0 then 3
    when taken.ordered = 0 then 4
    else 5
  end as step
from taken
join {{ ref('sessions') }} as session
  on session.business_day = {{ day }} and session.session_id = taken.session_id
