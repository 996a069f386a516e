/*
description: The files know no categories.
materialize: table
columns:
  category_id: {}
  parent_id: {}
  name_ko: {}
  name_en: {}
*/
select
  category_id,
  cast(null as varchar) as parent_id,
  cast(null as varchar) as name_ko,
  cast(null as varchar) as name_en
from {{ ref('title_categories') }}
group by category_id
