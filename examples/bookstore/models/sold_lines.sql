/*
description:
  en: >
    Sale lines with everything that statistics divide them by: the category at the top of the tree, publisher,
    band of the list price, campaign, promotion, and whether the buyer bought for the first time that day.
  ko: >
    통계가 나누는 모든 기준이 붙은 판매 줄. 나무 꼭대기의 분야, 출판사, 정가대, 캠페인, 기획전, 산 사람이 그날 처음
    샀는지.
materialize: day
columns:
  business_day: {}
  line_id: { tests: [not_null, unique] }
  buyer_id: { personal: true }
  category_id: { description: { en: 'at the top of the tree', ko: '나무의 꼭대기' } }
  price_band: { tests: [{ accepted_values: [free, under_5000, from_5000, from_10000, from_15000] }] }
  buyer_is: { tests: [{ accepted_values: [new, returning] }] }
*/
select
  line.business_day,
  line.line_id,
  line.order_id,
  line.buyer_id,
  line.item_id,
  line.kind,
  line.copies,
  line.list_price,
  line.paid,
  line.countable,
  line.device,
  coalesce(top.category_id, middle.category_id, leaf.category_id, 'none') as category_id,
  coalesce(title.publisher_id, 'none') as publisher_id,
  case
    when line.list_price = 0 then 'free'
    when line.list_price < 5000 then 'under_5000'
    when line.list_price < 10000 then 'from_5000'
    when line.list_price < 15000 then 'from_10000'
    else 'from_15000'
  end as price_band,
  coalesce(orders.campaign, 'none') as campaign,
  coalesce(sold.promotion_id, 'none') as promotion_id,
  case when buyer.reader_id is null then 'returning' else 'new' end as buyer_is
from {{ ref('sale_lines') }} as line
left join {{ ref('titles') }} as title on title.item_id = line.item_id
left join {{ ref('categories') }} as leaf on leaf.category_id = title.category_id
left join {{ ref('categories') }} as middle on middle.category_id = leaf.parent_id
left join {{ ref('categories') }} as top on top.category_id = middle.parent_id
left join {{ ref('raw.shop_orders') }} as orders
  on orders.business_day = {{ day }} and cast(orders.order_id as varchar) = line.order_id
left join {{ ref('raw.shop_order_lines') }} as sold
  on sold.business_day = {{ day }} and cast(sold.line_id as varchar) = line.line_id
left join {{ ref('first_purchases') }} as buyer
  on buyer.business_day = {{ day }} and buyer.first_day = {{ day }} and buyer.reader_id = line.buyer_id
where line.business_day = {{ day }}
