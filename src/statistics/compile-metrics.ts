import { aggregateSql, memberSql, valueType, windowSql, type MetricWindow } from './compile.ts';
import { wholeDimension, type CountedMetric } from './metric.ts';

/**
 * Every metric over a window, whole and by each of its dimensions, as one statement that reads each table once. Its rows
 * are those of `compileMetric` for each metric and dimension.
 */
export function compileMetrics(metrics: readonly CountedMetric[], window: MetricWindow): string {
  const byTable = Map.groupBy(metrics, (metric) => metric.table);
  const cells = [...byTable].map(([table, counted]) => tableSql(table, counted, window));
  return [
    'select cell.metric as metric, cell.dimension as dimension, cell.member as member, cell.value as value',
    `from (\n${cells.join('\nunion all\n')}\n) counted`,
    // A member of whom no row passes the filter is no member.
    `where cell.dimension = '${wholeDimension}' or cell.counted > 0`,
  ].join('\n');
}

/** One grouping for the whole and one for each dimension, over one scan; a row of it holds a cell for each metric. */
function tableSql(table: string, metrics: readonly CountedMetric[], window: MetricWindow): string {
  const byExpression = Map.groupBy(
    metrics.flatMap((metric) => metric.dimensions.map((dimension) => ({ metric, dimension }))),
    ({ metric, dimension }) => metric.dimensionExpressions[dimension] ?? "''",
  );
  const groups = [...byExpression].map(([expression, counted], index) => {
    const member = groupSql(
      expression,
      counted.map(({ metric }) => metric),
      index,
    );
    return { member, cells: counted.map(({ metric, dimension }) => cellSql(metric, dimension, member)) };
  });
  const whole = listSql(metrics.map((metric) => cellSql(metric, wholeDimension, "''")));
  const cases = groups.map(({ member, cells }) => `when grouping(${member}) = 0 then ${listSql(cells)}`);
  const sets = ['()', ...groups.map(({ member }) => `(${member})`)];
  return [
    `select unnest(${cases.length === 0 ? whole : `case ${cases.join('\n')} else ${whole} end`}) as cell`,
    `from ${table}`,
    `where ${windowSql(window)}`,
    `group by grouping sets (${sets.join(', ')})`,
  ].join('\n');
}

/**
 * The members of a grouping. Its number, which is never a member, keeps it apart from another one whose expression DuckDB
 * finds to be the same, written in another way: `upper(kind)` and `UPPER(lines.kind)` would become one grouping.
 */
function groupSql(expression: string, metrics: readonly CountedMetric[], index: number): string {
  const filters = metrics.flatMap(({ filter }) => (filter === undefined ? [] : [`(${filter})`]));
  // Of rows that no metric counts the expression is not asked: of those it may be an error.
  const asked =
    filters.length < metrics.length
      ? expression
      : `case when ${[...new Set(filters)].join(' or ')} then ${expression} end`;
  return memberSql(asked, index);
}

function listSql(cells: readonly string[]): string {
  return `[${cells.join(',\n')}]`;
}

/** The value, and how many rows it is of. */
function cellSql(metric: CountedMetric, dimension: string, member: string): string {
  const { filter, aggregate } = metric;
  const rows = filter === undefined ? 'count(*)' : `count(case when (${filter}) then 1 end)`;
  // Only of the rows that pass is the expression asked: of others it may be an error.
  const expression =
    filter === undefined
      ? metric.expression
      : `case when (${filter}) then ${metric.expression === '*' ? '1' : metric.expression} end`;
  return (
    `struct_pack(metric := '${metric.name}', dimension := '${dimension}', member := ${member}, ` +
    `value := cast(${aggregateSql(aggregate, expression)} as ${valueType}), counted := ${rows})`
  );
}
