import type { Cell } from '../data/csv.ts';

/** One line or row of bars. */
export interface ChartSeries {
  readonly name: string;
  /** One for each label; null where there is none. */
  readonly values: readonly (number | null)[];
  /** Last year, a forecast: what the subject is held against. */
  readonly dashed?: boolean;
  /** The last so many values are of days that are not over; drawn open. */
  readonly openFrom?: number;
}

/** A named day on the time axis. */
export interface ChartAnnotation {
  readonly label: string;
  readonly text: string;
}

/** A chart in the words of its data; how it is drawn is the chart's own affair. */
export interface ChartSpec {
  readonly kind: 'line' | 'bar' | 'stacked' | 'horizontal' | 'heat';
  /** Along the axis, as they are read; for `heat` the columns. */
  readonly labels: readonly string[];
  /** Not more than five; for `heat` one for each row. */
  readonly series: readonly ChartSeries[];
  /** Head of the label column in the table twin. */
  readonly labelHead: string;
  /** Values run downwards: ranks. */
  readonly inverted?: boolean;
  readonly annotations?: readonly ChartAnnotation[];
  /** Writes a value, on axes and in the table. Default: as a number. */
  readonly write?: (value: number) => string;
}

/** The chart as rows, for its table and its CSV. */
export function chartRows(spec: ChartSpec): {
  readonly head: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
} {
  return {
    head: [spec.labelHead, ...spec.series.map(({ name }) => name)],
    rows: spec.labels.map((label, index) => [
      label,
      ...spec.series.map(({ values }) => values[index] ?? null),
    ]),
  };
}
