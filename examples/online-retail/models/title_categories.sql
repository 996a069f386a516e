/*
description: The files know no categories; lists are overall only.
materialize: table
columns:
  item_id: {}
  category_id: {}
*/
select item_id, category_id from {{ ref('titles') }} where category_id is not null
