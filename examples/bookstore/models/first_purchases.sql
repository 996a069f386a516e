/*
description:
  en: >
    Who bought for the first time on the day, of what the shop sold since the day before. The first day that is made
    also holds everybody who bought before it, so that each day reads its own lines only.
  ko: >
    그날 처음 산 독자. 바로 앞날 뒤로 서점이 판 것만 읽습니다. 처음 만든 날에는 그 앞에 산 독자도 모두 들어 있습니다.
materialize: day
columns:
  business_day: { type: date }
  reader_id: { type: varchar, personal: true, tests: [not_null, unique] }
  first_day: { type: date, description: { en: 'day of the first purchase', ko: '처음 산 날' }, tests: [not_null] }
*/
select {{ day }} as business_day, bought.reader_id, bought.first_day
from (
  select reader_id, min(business_day) as first_day
  from {{ ref('raw.shop_order_lines') }}
  where business_day between {{ since }} and {{ day }} and paid > 0
  group by reader_id
) as bought
left join (
  select distinct reader_id from {{ ref('first_purchases') }} where business_day < {{ day }}
) as known on known.reader_id = bought.reader_id
where known.reader_id is null
