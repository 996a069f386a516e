/*
description:
  en: >
    Each title with its category and all categories above it. The tree is three levels deep; a deeper one needs
    a further join.
  ko: >
    책마다 제 분야와 그 위의 모든 분야. 나무는 세 층이며, 더 깊으면 조인이 하나 더 필요합니다.
materialize: table
columns:
  item_id: { tests: [not_null, { relationships: { to: model.titles, field: item_id } }] }
  category_id: { tests: [not_null] }
*/
with placed as (
  select title.item_id, leaf.category_id as level_3, middle.category_id as level_2, top.category_id as level_1
  from {{ ref('titles') }} as title
  join {{ ref('categories') }} as leaf on leaf.category_id = title.category_id
  left join {{ ref('categories') }} as middle on middle.category_id = leaf.parent_id
  left join {{ ref('categories') }} as top on top.category_id = middle.parent_id
)
select item_id, level_3 as category_id from placed
union all
select item_id, level_2 as category_id from placed where level_2 is not null
union all
select item_id, level_1 as category_id from placed where level_1 is not null
