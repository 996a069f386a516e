/*
description:
  en: >
    One row a title that is out, with its author's name in both languages.
  ko: >
    나와 있는 책마다 한 행, 저자의 이름은 두 언어로.
materialize: table
columns:
  item_id: { tests: [not_null, unique] }
  title: { tests: [not_null] }
  category_id: { tests: [{ relationships: { to: model.categories, field: category_id } }] }
  is_adult: { tests: [not_null] }
  list_price: { description: { en: 'won; 0 for a free title', ko: '원. 무료 책은 0' } }
*/
select
  item.item_id,
  item.title,
  item.title_en,
  author.name_ko as author,
  author.name_en as author_en,
  item.author_id,
  item.publisher_id,
  item.series_id,
  cast(item.volume as int) as volume,
  cast(item.list_price as decimal(18, 2)) as list_price,
  cast(item.released_on as date) as released_on,
  item.category_id,
  item.is_adult = 1 as is_adult
from {{ ref('raw.shop_items') }} as item
left join {{ ref('raw.shop_authors') }} as author on author.author_id = item.author_id
