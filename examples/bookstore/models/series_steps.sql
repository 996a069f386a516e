/*
description:
  en: >
    How many buyers of a volume bought the next one of its series too, a row a volume.
  ko: >
    어느 권을 산 사람 가운데 시리즈의 다음 권도 산 사람 수, 권마다 한 행.
materialize: table
columns:
  series_id: { tests: [not_null] }
  volume: { tests: [not_null] }
  buyers: { description: { en: 'of the volume', ko: '그 권을 산 사람' } }
  continued: { description: { en: 'those of them who bought the next volume', ko: '그 가운데 다음 권도 산 사람' } }
*/
with bought as (
  select distinct line.buyer_id, title.series_id, title.volume
  from {{ ref('sale_lines') }} as line
  join {{ ref('titles') }} as title on title.item_id = line.item_id
  where line.countable and title.series_id is not null and title.volume is not null
),
released as (
  select distinct series_id, volume from {{ ref('titles') }} where series_id is not null and volume is not null
)
select
  bought.series_id,
  series.title_ko,
  series.title_en,
  bought.volume,
  cast(count(*) as bigint) as buyers,
  cast(count(later.buyer_id) as bigint) as continued
from bought
join released on released.series_id = bought.series_id and released.volume = bought.volume + 1
left join bought as later
  on later.buyer_id = bought.buyer_id and later.series_id = bought.series_id and later.volume = bought.volume + 1
left join {{ ref('raw.shop_series') }} as series on series.series_id = bought.series_id
group by bought.series_id, series.title_ko, series.title_en, bought.volume
