import type { BestsellerList } from './list.ts';
import type { DayRange } from './window.ts';

/**
 * Why a line does not count, else null. The first reason that holds wins, so every copy of a line
 * goes to exactly one place.
 */
export function exclusionSql(list: BestsellerList): string {
  const kinds = list.kinds.map(literal).join(', ');
  const price = {
    paid: `when coalesce(paid, 0) <= 0 then 'free'`,
    free: `when coalesce(paid, 0) > 0 then 'paid'`,
    any: '',
  };
  return `case
      ${list.filter === undefined ? '' : `when not coalesce((${list.filter}), false) then 'filter'`}
      when kind is null or kind not in (${kinds}) then 'kind:' || coalesce(kind, '')
      when not coalesce(countable, true) then 'not_countable:' || coalesce(not_counted_reason, '')
      ${price[list.price]}
      ${list.without_buyer === 'leave_out' ? `when buyer_id is null then 'without_buyer'` : ''}
      when coalesce(copies, 0) <= 0 then 'no_copies'
    end`;
}

/** The relations that counting begins with: `lines` of the window with `excluded`, and `live` with the copies that refunds leave. */
function linesRelations(
  list: BestsellerList,
  window: DayRange,
  where = '',
): Readonly<Record<'refunded' | 'lines' | 'live', string>> {
  const days = `business_day between date ${literal(window.from)} and date ${literal(window.to)}`;
  return {
    refunded: `
    select line_id as refunded_line, cast(sum(copies) as bigint) as refunded_copies
    from ${list.tables.refunds} where ${days} and line_id is not null and copies > 0 group by line_id`,
    lines: `
    select item_id, ${buyerSql(list)} as buyer, line_id, order_id, kind, business_day, sold_at,
      cast(greatest(coalesce(copies, 0), 0) as bigint) as copies, ${exclusionSql(list)} as excluded
    from ${list.tables.lines} where ${days} and item_id is not null ${where}`,
    live: `
    select * exclude (excluded, refunded_line, refunded_copies),
      copies - least(copies, coalesce(refunded_copies, 0)) as kept
    from lines left join refunded on line_id = refunded_line where excluded is null`,
  };
}

/** The same relations as common table expressions. */
function linesSql(list: BestsellerList, window: DayRange, where = ''): string {
  const { refunded, lines, live } = linesRelations(list, window, where);
  return `refunded as materialized (${refunded}), lines as not materialized (${lines}), live as not materialized (${live})`;
}

/**
 * The whole list: in the end a row for every title that is on some part, with its places, its count and
 * what was left out of it. Titles and buyers are numbered first, so that the one large grouping, by title and
 * buyer, has a key of 8 bytes; the numbers never reach the result. Whole numbers all the way, so neither order nor
 * threads can change a rank.
 */
export function countingSql(
  list: BestsellerList,
  window: DayRange,
  options: { readonly atOnce: boolean },
): CountingSql {
  const relations = linesRelations(list, window);
  const steps: readonly CountingStep[] = [
    ['table', 'refunded', relations.refunded],
    ['view', 'lines', relations.lines],
    ['view', 'live', relations.live],
    [
      'table',
      'totals',
      `select item_id, cast(sum(copies) as bigint) as copies, cast(sum(kept) as bigint) as kept, count(*) as line_count,
      min(sold_at) filter (where kept > 0) as first_at, cast(row_number() over () as integer) as item_code
    from live group by item_id`,
    ],
    [
      'table',
      'buyer_codes',
      `select buyer, row_number() over () as buyer_code from (select distinct buyer from lines where excluded is null)`,
    ],
    [
      'table',
      'first_days',
      `with pairs as not materialized (
    select cast(item_code as bigint) * ${buyersMax} + buyer_code as pair, min(business_day) as first_day
    from live join totals using (item_id) join buyer_codes using (buyer) where live.kept > 0 group by pair
  )
    select cast(pair // ${buyersMax} as integer) as item_code, first_day, cast(count(*) as integer) as first_buyers
    from pairs group by all`,
    ],
    ['drop', 'buyer_codes'],
    [
      'table',
      'counts',
      `with buyer_counts as (
    select item_code, cast(sum(first_buyers) as bigint) as buyers from first_days group by item_code
  )
    select item_id, item_code, ${list.count === 'buyers' ? 'buyers' : 'kept'} as counted, buyers, kept, copies, first_at, line_count
    from totals join buyer_counts using (item_code) where counted >= ${list.min_count}`,
    ],
    ['drop', 'totals'],
    [
      'table',
      'places',
      `with membership as (
    select 'all' as category_id, item_id from counts
    ${list.categories === 'all' ? `union all select distinct category_id, item_id from ${list.tables.title_categories}` : ''}
  )
    select category_id, counts.item_id,
      row_number() over display as place, rank() over (partition by category_id order by counted desc) as rank,
      lag(counted) over display - counted as to_above, counted - lead(counted) over display as to_below,
      count(*) over (partition by category_id order by counted desc range between current row and current row) as tied
    from membership join counts using (item_id)
    window display as (partition by category_id order by counted desc, buyers desc, kept desc, first_at, counts.item_id)
    qualify place <= ${list.size}`,
    ],
    [
      'table',
      'placed',
      `select item_id, to_json(list_sort(list([category_id, place, rank, to_above, to_below, tied]))) as places
    from (select * replace (
      category_id::varchar as category_id, place::varchar as place, rank::varchar as rank,
      to_above::varchar as to_above, to_below::varchar as to_below, tied::varchar as tied) from places)
    group by item_id`,
    ],
    [
      'table',
      'placed_days',
      `select item_id, first_day, first_buyers from first_days
      join (select item_code, item_id from counts semi join placed using (item_id)) using (item_code)`,
    ],
    ['drop', 'first_days'],
  ];
  const select = `per_day as (${perDaySql(list)}),
  left_out as (
    select item_id, to_json(list_sort(list([excluded, copies::varchar, line_count::varchar]))) as left_out
    from (select item_id, excluded, cast(sum(copies) as bigint) as copies, count(*) as line_count
      from lines where excluded is not null and item_id in (select item_id from placed) group by item_id, excluded)
    group by item_id
  ),
  titles as (
    select item_id, min(title) as title, min(title_en) as title_en,
      min(author) as author, min(author_en) as author_en, max(list_price) as list_price
    from (select * from ${list.tables.titles} union all by name ${optionalColumns})
    where item_id in (select item_id from placed) group by item_id
  )
  select item_id, title, title_en, author, author_en, list_price, counted, buyers, kept, copies, line_count,
    places::varchar as places, days::varchar as days, left_out::varchar as left_out,
    (select cast(sum(counted) as bigint) from counts) as total_counted, (select count(*) from counts) as total_titles
  from placed join counts using (item_id) join per_day using (item_id)
    left join left_out using (item_id) left join titles using (item_id)
  order by item_id`;
  if (options.atOnce)
    return { steps: [], select: `with ${steps.flatMap(asExpression).join(',\n')},\n${select}` };
  return { steps: steps.map(asStatement), select: `with ${select}` };
}

/**
 * A computation of several statements, so that what one step needed is free again in the next; or of one, which
 * needs more memory, and less time when there is little to count.
 */
export interface CountingSql {
  readonly steps: readonly string[];
  /** The query that ends it. */
  readonly select: string;
}

type CountingStep =
  | readonly [kind: 'table' | 'view', name: string, select: string]
  | readonly [kind: 'drop', name: string];

function asStatement(step: CountingStep): string {
  if (step[0] === 'drop') return `drop table ${step[1]}`;
  const [kind, name, select] = step;
  return `create temp ${kind} ${name} as ${select}`;
}

function asExpression(step: CountingStep): readonly string[] {
  if (step[0] === 'drop') return [];
  const [kind, name, select] = step;
  return [`${name} as ${kind === 'table' ? '' : 'not '}materialized (${select})`];
}

/** Names every table with the days that are read; never run. */
export function readsSql(list: BestsellerList, window: DayRange): string {
  return `with ${linesSql(list, window)} select 1 from ${['live', ...titleTables(list)].join(', ')}`;
}

function titleTables(list: BestsellerList): readonly string[] {
  const { titles, title_categories: members, categories } = list.tables;
  return list.categories === 'all' ? [titles, members, categories] : [titles];
}

/** One row a category, with `lines`, what the window holds whatever became of it; one row without a category when there is none. */
export function aboutSql(list: BestsellerList, window: DayRange): string {
  const days = `business_day between date ${literal(window.from)} and date ${literal(window.to)}`;
  const categories =
    list.categories === 'all'
      ? `select distinct category_id::varchar as id from ${list.tables.categories}`
      : 'select null::varchar as id where false';
  return `select lines, id from (select count(*) as lines from ${list.tables.lines} where ${days}) left join (${categories}) on true`;
}

/**
 * The same counts found another way, for the check before publication: no pairs, no sums of sums, but
 * distinct buyers (or copies minus refunds) straight over the lines.
 */
export function recountSql(list: BestsellerList, window: DayRange, items: readonly string[]): string {
  const chosen = `and item_id in (${items.map(literal).join(', ')})`;
  const guest = `case when buyer_id is null then 'order ' || coalesce(order_id, line_id) else 'buyer ' || buyer_id end`;
  const refunds = `(select line_id as refunded_line, sum(copies) as refunded_copies from ${list.tables.refunds}
    where business_day >= date ${literal(window.from)} and business_day <= date ${literal(window.to)} and copies > 0 group by line_id)`;
  const kept = `greatest(copies - coalesce(refunded_copies, 0), 0)`;
  const counted =
    list.count === 'buyers' ? `count(distinct ${guest}) filter (where ${kept} > 0)` : `sum(${kept})`;
  return `select item_id, cast(${counted} as bigint) as counted
    from ${list.tables.lines} left join ${refunds} on line_id = refunded_line
    where business_day >= date ${literal(window.from)} and business_day <= date ${literal(window.to)}
      ${chosen} and (${exclusionSql(list)}) is null group by item_id`;
}

/** Every line of one title in the window, with what became of each copy. */
export function titleLinesSql(list: BestsellerList, window: DayRange, itemId: string): string {
  const turn = `sum(case when kept > 0 then 1 else 0 end) over (partition by buyer
    order by business_day, sold_at, line_id rows unbounded preceding)`;
  const counts = list.count === 'copies' ? 'kept' : `case when kept > 0 and ${turn} = 1 then 1 else 0 end`;
  return `with ${linesSql(list, window, `and item_id = ${literal(itemId)}`)}
  select strftime(business_day, '%Y-%m-%d') as business_day, line_id, order_id, kind, sold_at, copies,
    0 as counted, 0 as refunded, 0 as repeated, excluded as reason from lines where excluded is not null
  union all
  select strftime(business_day, '%Y-%m-%d'), line_id, order_id, kind, sold_at, copies, counted, copies - kept, kept - counted,
    case when counted > 0 then null when kept = 0 then 'refunded' else 'repeat' end
  from (select *, ${counts} as counted from live) order by 1, sold_at, line_id`;
}

/** The text as a SQL literal. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Who bought a line. The letters keep a buyer and an order with the same id apart. */
function buyerSql(list: BestsellerList): string {
  if (list.without_buyer === 'leave_out') return 'buyer_id';
  return `case when buyer_id is null then 'o' || coalesce(order_id, line_id) else 'b' || buyer_id end`;
}

function perDaySql(list: BestsellerList): string {
  const source =
    list.count === 'buyers'
      ? 'select item_id, first_day as day, first_buyers as count from placed_days'
      : 'select item_id, business_day as day, sum(kept) as count from live group by item_id, business_day';
  return `select item_id, to_json(list_sort(list([strftime(day, '%Y-%m-%d'), count::varchar]))) as days
    from (${source}) where count > 0 and item_id in (select item_id from placed) group by item_id`;
}

/** No row, with the columns that a shop's titles may lack: null there. */
const optionalColumns = 'select null::varchar as title_en, null::varchar as author_en where false';
/** A pair of title and buyer is one whole number: so many times the title's number, plus the buyer's. */
const buyersMax = 2 ** 32;
