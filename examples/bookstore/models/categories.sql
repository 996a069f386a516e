/*
description:
  en: >
    The shop's category tree.
  ko: >
    서점의 분야 나무.
materialize: table
columns:
  category_id: { tests: [not_null, unique] }
  name_ko: { tests: [not_null] }
*/
select category_id, parent_id, name_ko, name_en
from {{ ref('raw.shop_categories') }}
