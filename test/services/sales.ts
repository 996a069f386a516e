import type { DeclaredColumn } from '../../src/warehouse/index.ts';

/** Columns with every kind of type that tables of Octavo have. */
export const salesColumns: readonly DeclaredColumn[] = [
  { name: 'sale_id', type: 'bigint' },
  { name: 'event_id', type: 'uuid' },
  { name: 'device_id', type: 'uuid' },
  { name: 'title', type: 'varchar' },
  { name: 'price', type: 'decimal(18,2)' },
  { name: 'rate', type: 'decimal(38,10)' },
  { name: 'sold_at', type: 'timestamptz' },
  { name: 'local_at', type: 'timestamp' },
  { name: 'share', type: 'double' },
  { name: 'score', type: 'float' },
  { name: 'gift', type: 'boolean' },
  { name: 'payload', type: 'blob' },
  { name: 'items', type: 'struct(item_id varchar, "index" integer, price decimal(18,2), gift boolean)[]' },
  { name: 'labels', type: 'varchar[]' },
  { name: 'tags', type: 'map(varchar, integer)' },
  { name: 'place', type: 'struct(city varchar, lat double)' },
  { name: 'copies', type: 'integer' },
  { name: 'opened_on', type: 'date' },
  { name: 'business_day', type: 'date' },
];

/**
 * A SELECT of rows of one day, `first` their smallest sale id. Most columns are null
 * somewhere; event ids are ordered by time, device ids spread over the whole range, decimals and instants on both sides of zero.
 */
export function salesOf(day: string, first: number, count: number): string {
  const number = `(${first} + i)`;
  const hash = `md5(${number}::text)`;
  const ordered = `('01960000-' || lpad(to_hex(${number}), 4, '0') || '-7000-8' || left(${hash}, 3) || '-'
      || right(${hash}, 12))::uuid`;
  return `select ${number}::bigint as sale_id,
    ${ordered} as event_id, case when i % 17 = 3 then null else ${hash}::uuid end as device_id,
    case when i % 7 = 0 then null when i % 7 = 1 then '' when i % 7 = 2 then repeat('긴 제목', 200) || i
      when i % 7 = 3 then '😀 "따옴표", \\ ' || i else '제목 ' || i end as title,
    case when i % 11 = 0 then null else ((i - 40) * 1.37)::decimal(18,2) end as price,
    case when i % 13 = 0 then null else ((i - 30) * 1234567890123456.0000000001::decimal(38,10))::decimal(38,10) end as rate,
    case when i % 19 = 0 then null else timestamptz '${day} 00:00:00.123456+00' + to_microseconds(i * 1000003) end
      as sold_at,
    case when i % 23 = 0 then null else timestamp '1969-12-31 23:59:59.999999' + to_microseconds((i - 5) * 700001)
      end as local_at,
    case when i % 5 = 0 then null when i % 29 = 1 then 'nan'::double when i % 29 = 2 then '-inf'::double
      else (i - 20) / 7.0::double end as share,
    case when i % 6 = 0 then null else (i / 3.0)::float end as score,
    case when i % 3 = 0 then null else i % 2 = 0 end as gift,
    case when i % 3 = 0 then null when i % 3 = 1 then ''::blob else ('\\x00\\xFF'::blob || ('x' || i)::blob) end
      as payload,
    case when i % 5 = 0 then null when i % 5 = 1 then []
      else [{item_id: 'b' || i, "index": i::int, price: (i / 4.0)::decimal(18,2), gift: i % 2 = 0},
        {item_id: null, "index": null, price: null, gift: null}, null] end as items,
    case when i % 4 = 0 then null when i % 4 = 1 then [] else ['가' || i, null, ''] end as labels,
    case when i % 4 = 0 then null when i % 4 = 1 then map {} else map {'k': i::int, '하나': null} end as tags,
    case when i % 9 = 0 then null else {city: case when i % 2 = 0 then '서울' end, lat: i / 2} end as place,
    case when i % 10 = 0 then null else (i - 50)::int end as copies,
    case when i % 8 = 0 then null else date '1970-01-01' + (i - 10)::int end as opened_on,
    date '${day}' as business_day
    from range(${count}) as t(i)`;
}
