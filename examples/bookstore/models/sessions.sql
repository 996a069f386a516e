/*
description:
  en: >
    Visits of people, a row a session. Robots are left out; of events from before enrichment, programs that name themselves crawlers or bots.
  ko: >
    사람의 방문, 방문마다 한 행. 로봇은 뺍니다. 보강하기 전의 이벤트에서는 스스로 크롤러나 봇이라고 하는 프로그램을 뺍니다.
materialize: day
columns:
  business_day: {}
  session_id: { personal: true, tests: [not_null, unique] }
  reader_id: { personal: true }
  device_id: { personal: true }
*/
select
  business_day,
  session_id,
  max(reader_id) as reader_id,
  max(device_id) as device_id,
  max(app_platform) as platform,
  max(device_type) as device,
  coalesce(max(case when referrer_class not in ('internal', 'direct') then referrer_class end), 'direct') as came_from,
  min(occurred_at) as started_at,
  max(occurred_at) as ended_at,
  cast(count(*) as bigint) as events,
  max(case when kind in ('purchase', 'rent', 'gift') then 1 else 0 end) = 1 as ordered,
  max(case when kind in ('read_progress', 'finish_reading') then 1 else 0 end) = 1 as read_a_book
from {{ ref('raw.events') }}
where business_day = {{ day }} and session_id is not null
  and not coalesce(bot, lower(user_agent) like '%crawler%' or lower(user_agent) like '%bot/%', false)
group by business_day, session_id
