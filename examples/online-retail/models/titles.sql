/*
description: One row a product, under the description that most of its sales carry.
materialize: table
columns:
  item_id: { tests: [not_null, unique] }
  title: { tests: [not_null] }
*/
with named as (
  select
    item_id,
    title,
    row_number() over (partition by item_id order by count(*) desc, title nulls last) as position
  from {{ ref('lines') }}
  where row_class = 'sale' and title is not null
  group by item_id, title
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
where position = 1
