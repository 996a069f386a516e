import type { QueryRows } from '../../../api/index.ts';
import type { ChartSpec } from '../../parts/chart-spec.ts';
import { isNumberType } from './column-stats.ts';

/** What of a result is drawn, and how. */
export interface ChartChoice {
  readonly kind: 'line' | 'bar' | 'stacked' | 'horizontal';
  readonly x: string;
  readonly y: string;
  /** A column whose values are a line each. */
  readonly by: string | undefined;
}

/** A chart, and what of the rows it leaves out. */
export interface RowsChart {
  readonly spec: ChartSpec;
  readonly labels: number;
  readonly series: number;
  /** Several rows stood in one place. */
  readonly summed: boolean;
}

export const chartKinds = ['line', 'bar', 'stacked', 'horizontal'] as const;
const seriesMax = 5;
const labelsMax = { line: 1000, bar: 120, stacked: 120, horizontal: 40 } as const;

/** What to draw when nobody has chosen; undefined without a column of numbers. */
export function chartChoice(
  { columns }: Pick<QueryRows, 'columns'>,
  wanted: { readonly [K in keyof ChartChoice]?: string | undefined },
): ChartChoice | undefined {
  const named = (name: string | undefined): string | undefined =>
    columns.some((column) => column.name === name) ? name : undefined;
  const numbers = columns.filter(({ type }) => isNumberType(type)).map(({ name }) => name);
  const others = columns.filter(({ type }) => !isNumberType(type));
  const x = named(wanted.x) ?? others[0]?.name ?? (numbers.length > 1 ? numbers[0] : undefined);
  const y = numbers.find((name) => name === wanted.y) ?? numbers.find((name) => name !== x);
  if (x === undefined || y === undefined) return undefined;
  const inTime = /^(DATE|TIMESTAMP)|INT|DECIMAL|DOUBLE/.test(
    columns.find(({ name }) => name === x)?.type ?? '',
  );
  const kind = chartKinds.find((known) => known === wanted.kind) ?? (inTime ? 'line' : 'horizontal');
  return { kind, x, y, by: named(wanted.by) };
}

/** Draws rows as they come: the order is the query's. */
export function chartOfRows(
  { columns, rows }: Pick<QueryRows, 'columns' | 'rows'>,
  choice: ChartChoice,
  write: (value: unknown, column: string) => string,
): RowsChart {
  const place = (name: string | undefined): number => columns.findIndex((column) => column.name === name);
  const [x, y, by] = [place(choice.x), place(choice.y), place(choice.by)];
  const labels = new Map<string, number>();
  const series = new Map<string, { total: number; readonly values: Map<number, number> }>();
  let summed = false;
  for (const row of rows) {
    const label = write(row[x], choice.x);
    const at = labels.get(label) ?? labels.size;
    labels.set(label, at);
    const amount = row[y] === null || row[y] === undefined ? undefined : Number(row[y]);
    const name = by === -1 ? choice.y : write(row[by], choice.by ?? '');
    const one = series.get(name) ?? { total: 0, values: new Map<number, number>() };
    series.set(name, one);
    if (amount === undefined || !Number.isFinite(amount)) continue;
    if (one.values.has(at)) summed = true;
    one.values.set(at, (one.values.get(at) ?? 0) + amount);
    one.total += Math.abs(amount);
  }
  const shown = [...labels.keys()].slice(0, labelsMax[choice.kind]);
  const largest = [...series].toSorted(([, one], [, other]) => other.total - one.total).slice(0, seriesMax);
  return {
    spec: {
      kind: choice.kind,
      labelHead: choice.x,
      labels: shown,
      series: largest.map(([name, { values }]) => ({
        name,
        values: shown.map((_, at) => values.get(at) ?? null),
      })),
    },
    labels: labels.size,
    series: series.size,
    summed,
  };
}
