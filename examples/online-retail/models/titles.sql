/*
description: One row a product, under the description that most of its sales carry.
materialize: table
columns:
  item_id: { tests: [not_null, unique] }
  title: { tests: [not_null] }
*/
with named as (
  select
    upper(StockCode) as item_id,
    Description as title,
    row_number() over (
      partition by upper(StockCode) order by count(*) desc, Description nulls last
    ) as position
  from {{ ref('raw.retail_lines') }}
  where Quantity > 0 and UnitPrice > 0 and Description is not null
  group by upper(StockCode), Description
)
select
  item_id,
  title,
  cast(null as varchar) as title_en,
  cast(null as varchar) as author,
  cast(null as varchar) as author_id,
  cast(null as varchar) as publisher_id,
  cast(null as varchar) as series_id,
  cast(null as int) as volume,
  cast(null as decimal(18, 2)) as list_price,
  cast(null as date) as released_on,
  cast(null as varchar) as category_id
from named
where position = 1 and {{ matches('item_id', '^[0-9]{5}[A-Z]{0,2}$') }}
