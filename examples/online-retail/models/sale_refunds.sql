/*
description: >
  The day's cancellations, each with the sale that it cancels, so that lists net them on that sale's day. The
  files do not say which sale that is, so: (1) the customer's latest sale of the same code and the same number of
  pieces that no other cancellation has taken; (2) what finds none is spread over the customer's latest sales of the
  code, the newest first, as far as they reach. What is left over (no customer, or a sale before the first file) stays
  here without a sale: it lowers the day's refunds but no list.
materialize: day
columns:
  business_day: { description: day of the cancellation }
  refund_id: { description: line of the cancellation, tests: [not_null] }
  line_id: { description: line of the sale; null when none was found }
  item_id: { tests: [not_null] }
  copies: { tests: [not_null] }
  amount: { description: pounds given back }
  refunded_at: {}
  sale_business_day: {}
  matched_by: { tests: [{ accepted_values: [same_quantity, newest_first, nothing] }] }
*/
with today as (
  select distinct customer_id, item_id
  from {{ ref('lines') }}
  where business_day = {{ day }} and row_class = 'cancellation'
),
history as (
  select
    past.*,
    case when past.row_class = 'sale' then 1 else -1 end as step
  from {{ ref('lines') }} past
  join today on today.customer_id = past.customer_id and today.item_id = past.item_id
  where past.business_day <= {{ day }} and past.row_class in ('sale', 'cancellation')
),
stacked as (
  select
    history.*,
    sum(step) over (
      partition by customer_id, item_id, copies order by sold_at, step desc, line_id rows unbounded preceding
    ) as height,
    row_number() over (partition by customer_id, item_id, copies order by sold_at, step desc, line_id) as sequence
  from history
),
floored as (
  select
    stacked.*,
    least(0, coalesce(min(height) over (
      partition by customer_id, item_id, copies order by sequence rows between unbounded preceding and 1 preceding
    ), 0)) as floor_before
  from stacked
),
leveled as (
  select
    floored.*,
    case
      when step = 1 then height - floor_before
      when height >= floor_before then height - floor_before + 1
    end as level
  from floored
),
paired as (
  select
    leveled.*,
    case when level is not null then max(case when step = 1 then sequence end) over (
      partition by customer_id, item_id, copies, level order by sequence rows unbounded preceding
    ) end as sale_sequence
  from leveled
),
same_quantity as (
  select cancel.line_id as refund_id, sale.line_id, sale.copies, sale.business_day as sale_business_day
  from paired cancel
  join paired sale
    on sale.customer_id = cancel.customer_id and sale.item_id = cancel.item_id and sale.copies = cancel.copies
    and sale.sequence = cancel.sale_sequence and sale.step = 1
  where cancel.step = -1 and cancel.business_day = {{ day }}
),
taken as (
  select sale.line_id
  from paired cancel
  join paired sale
    on sale.customer_id = cancel.customer_id and sale.item_id = cancel.item_id and sale.copies = cancel.copies
    and sale.sequence = cancel.sale_sequence and sale.step = 1
  where cancel.step = -1
),
candidates as (
  select
    cancel.line_id as refund_id,
    cancel.copies as wanted,
    sale.line_id,
    sale.copies,
    sale.business_day as sale_business_day,
    coalesce(sum(sale.copies) over (
      partition by cancel.line_id order by sale.sold_at desc, sale.line_id desc
      rows between unbounded preceding and 1 preceding
    ), 0) as before
  from paired cancel
  join history sale
    on sale.customer_id = cancel.customer_id and sale.item_id = cancel.item_id
    and sale.step = 1 and sale.sold_at <= cancel.sold_at
  left join taken on taken.line_id = sale.line_id
  where cancel.step = -1 and cancel.business_day = {{ day }} and cancel.level is null and taken.line_id is null
),
matched as (
  select refund_id, line_id, copies, sale_business_day, 'same_quantity' as matched_by from same_quantity
  union all
  select refund_id, line_id, least(copies, wanted - before), sale_business_day, 'newest_first'
  from candidates
  where before < wanted
),
cancelled as (
  select * from {{ ref('lines') }} where business_day = {{ day }} and row_class = 'cancellation'
),
rest as (
  select
    cancelled.line_id as refund_id,
    cast(cancelled.copies - coalesce(sum(matched.copies), 0) as int) as copies
  from cancelled
  left join matched on matched.refund_id = cancelled.line_id
  group by cancelled.line_id, cancelled.copies
),
found as (
  select refund_id, line_id, copies, sale_business_day, matched_by from matched
  union all
  select refund_id, cast(null as varchar), copies, cast(null as date), 'nothing' from rest where copies > 0
)
select
  cancelled.business_day,
  found.refund_id,
  found.line_id,
  cancelled.item_id,
  cast(found.copies as int) as copies,
  cast(found.copies * cancelled.unit_price as decimal(18, 3)) as amount,
  cancelled.sold_at as refunded_at,
  found.sale_business_day,
  found.matched_by
from found
join cancelled on cancelled.line_id = found.refund_id
