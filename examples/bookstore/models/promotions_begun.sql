/*
description:
  en: >
    The first day of each week's promotions, as the charts mark it.
  ko: >
    주마다 기획전이 시작한 날, 차트에 표시하는 대로.
materialize: table
columns:
  day: { tests: [not_null] }
  title_ko: { tests: [not_null] }
*/
select
  min(business_day) as day,
  concat('기획전 ', substr(promotion_id, 1, 4)) as title_ko,
  concat('Promotions ', substr(promotion_id, 1, 4)) as title_en
from {{ ref('raw.shop_order_lines') }}
where promotion_id is not null
group by substr(promotion_id, 1, 4)
