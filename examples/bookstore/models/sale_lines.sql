/*
description:
  en: >
    What was ordered, a row a line, with whether it counts on lists. Accounts of staff, tests and organisations
    do not count, nor do ten or more copies in one line, nor a price below a tenth of the list price. Free lines
    count on lists of free titles; the price decides which list a line is for.
  ko: >
    주문한 것, 줄마다 한 행과 목록에 세는지. 직원, 시험, 단체 계정은 세지 않고, 한 줄에 열 부 이상이거나 정가의 십 분의
    일보다 싼 것도 세지 않습니다. 무료 줄은 무료 목록에 세며, 값이 어느 목록의 줄인지 정합니다.
materialize: day
columns:
  business_day: {}
  line_id: { tests: [not_null, unique] }
  order_id: { tests: [not_null] }
  buyer_id: { personal: true, tests: [not_null] }
  item_id: { tests: [not_null] }
  kind: { tests: [{ accepted_values: [purchase, rental, subscription, gift] }] }
  copies: { tests: [not_null] }
  list_price: { description: { en: 'won for one copy', ko: '한 부의 값, 원' } }
  paid: { description: { en: 'won for the line', ko: '줄의 값, 원' }, tests: [not_null] }
  sold_at: { tests: [not_null] }
  countable: { tests: [not_null] }
  not_counted_reason: { description: { en: 'null when countable', ko: '세는 줄은 비어 있음' } }
  device: {}
*/
with lines as (
  select
    line.business_day,
    cast(line.line_id as varchar) as line_id,
    cast(line.order_id as varchar) as order_id,
    line.reader_id as buyer_id,
    line.item_id,
    line.kind,
    cast(line.copies as int) as copies,
    cast(line.list_price as decimal(18, 2)) as list_price,
    cast(line.paid as decimal(18, 2)) as paid,
    {{ instant('line.ordered_at') }} as sold_at,
    case
      when reader.kind is null then 'unknown_reader'
      when reader.kind <> 'person' then reader.kind
      when line.copies >= 10 then 'bulk'
      when line.paid > 0 and line.kind = 'purchase' and line.paid * 10 < line.list_price * line.copies then 'below_price_floor'
    end as not_counted_reason,
    orders.device
  from {{ ref('raw.shop_order_lines') }} as line
  left join {{ ref('raw.shop_orders') }} as orders on orders.order_id = line.order_id
  left join {{ ref('raw.shop_readers') }} as reader on reader.reader_id = line.reader_id
  where line.business_day = {{ day }}
)
select
  business_day, line_id, order_id, buyer_id, item_id, kind, copies, list_price, paid, sold_at,
  not_counted_reason is null as countable,
  not_counted_reason,
  device
from lines
