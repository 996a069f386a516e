import { Type, type Static } from '@sinclair/typebox';
import { OctavoError, suggestion } from '../base/index.ts';

const Names = Type.Record(Type.String(), Type.String(), { description: 'by language, e.g. { ko: …, en: … }' });

const MetricFields = {
  name: Type.String({ pattern: '^[a-z][a-z0-9_]{0,62}$' }),
  title: Type.Optional(Names),
  description: Type.Optional(Type.String()),
  unit: Type.Optional(Type.String({ description: 'a currency, `count` or `share`' })),
};

/** A metric as a file of `metrics/` writes it. */
export const MetricSpec = Type.Object(
  {
    ...MetricFields,
    table: Type.Optional(Type.String({ description: 'a daily table, e.g. model.sale_lines' })),
    value: Type.Optional(
      Type.String({ description: 'count(*), count(distinct x), sum(x), avg(x), min(x) or max(x)' }),
    ),
    filter: Type.Optional(Type.String({ description: 'SQL condition on the table’s columns' })),
    dimensions: Type.Optional(
      Type.Record(Type.String({ pattern: '^[a-z][a-z0-9_]{0,62}$' }), Type.String(), {
        description: 'name: SQL expression over the table’s columns',
      }),
    ),
    ratio: Type.Optional(
      Type.Object(
        { of: Type.String(), to: Type.String() },
        { additionalProperties: false, description: 'names of two metrics' },
      ),
    ),
  },
  { additionalProperties: false },
);
export type MetricSpec = Static<typeof MetricSpec>;

/** A file of `metrics/`. */
export const MetricFile = Type.Object({ metrics: Type.Array(MetricSpec) }, { additionalProperties: false });

const functions = ['count', 'count_distinct', 'sum', 'avg', 'min', 'max'] as const;
export type AggregateFunction = (typeof functions)[number];

interface MetricBase {
  readonly name: string;
  readonly title: Readonly<Record<string, string>>;
  readonly description: string;
  readonly unit: string;
  /** Names of the dimensions it can be split by. */
  readonly dimensions: readonly string[];
}

/** A metric that is counted from a table's rows. */
export interface CountedMetric extends MetricBase {
  readonly kind: 'counted';
  readonly table: string;
  readonly aggregate: AggregateFunction;
  /** SQL expression, `*` for a count of rows. */
  readonly expression: string;
  readonly filter: string | undefined;
  readonly dimensionExpressions: Readonly<Record<string, string>>;
  /** Whether a month's value is the sum of its days'. */
  readonly additive: boolean;
}

/** A metric that is one metric divided by another. */
export interface RatioMetric extends MetricBase {
  readonly kind: 'ratio';
  readonly of: string;
  readonly to: string;
}

export type Metric = CountedMetric | RatioMetric;

/** Resolves one definition. Errors: `metric_invalid` with the file. */
export function toMetric(spec: MetricSpec, file: string): Metric {
  const base = {
    name: spec.name,
    title: spec.title ?? { en: spec.name },
    description: spec.description ?? '',
  };
  if (spec.ratio !== undefined) {
    if (spec.table !== undefined || spec.value !== undefined || spec.filter !== undefined || spec.dimensions !== undefined) {
      throw new OctavoError('metric_invalid', `${file}: '${spec.name}' is a ratio and takes no table, value, filter or dimensions`);
    }
    return { ...base, kind: 'ratio', unit: spec.unit ?? 'share', of: spec.ratio.of, to: spec.ratio.to, dimensions: [] };
  }
  if (spec.table === undefined || spec.value === undefined) {
    throw new OctavoError('metric_invalid', `${file}: '${spec.name}' needs table and value, or ratio`);
  }
  const value = parseValue(spec.value, spec.name, file);
  const dimensionExpressions = spec.dimensions ?? {};
  return {
    ...base,
    kind: 'counted',
    unit: spec.unit ?? 'count',
    table: spec.table,
    ...value,
    filter: spec.filter,
    dimensions: Object.keys(dimensionExpressions),
    dimensionExpressions,
    additive: value.aggregate === 'count' || value.aggregate === 'sum',
  };
}

/** Checks a set of metrics against each other and gives ratios the dimensions that both sides have. Errors: `metric_invalid`. */
export function toMetrics(specs: readonly { readonly spec: MetricSpec; readonly file: string }[]): ReadonlyMap<string, Metric> {
  const metrics = new Map<string, Metric>();
  for (const { spec, file } of specs) {
    if (metrics.has(spec.name)) throw new OctavoError('metric_invalid', `${file}: '${spec.name}' is defined twice`);
    metrics.set(spec.name, toMetric(spec, file));
  }
  const fileOf = new Map(specs.map(({ spec, file }) => [spec.name, file]));
  for (const metric of metrics.values()) {
    if (metric.kind !== 'ratio') continue;
    const side = (name: string): CountedMetric => {
      const found = metrics.get(name);
      if (found?.kind === 'counted') return found;
      const about = found === undefined ? `no metric '${name}'${suggestion(name, metrics.keys())}` : `'${name}' is a ratio itself`;
      throw new OctavoError('metric_invalid', `${fileOf.get(metric.name) ?? ''}: '${metric.name}': ${about}`);
    };
    const [of, to] = [side(metric.of), side(metric.to)];
    metrics.set(metric.name, { ...metric, dimensions: of.dimensions.filter((name) => to.dimensions.includes(name)) });
  }
  return metrics;
}

function parseValue(
  text: string,
  name: string,
  file: string,
): { readonly aggregate: AggregateFunction; readonly expression: string } {
  const match = /^\s*(count|sum|avg|min|max)\s*\(\s*(distinct\s+)?([\s\S]+?)\s*\)\s*$/i.exec(text);
  const [, callee, distinct, expression] = match ?? [];
  if (callee !== undefined && expression !== undefined) {
    const aggregate = callee.toLowerCase() as AggregateFunction;
    if (distinct === undefined) return { aggregate, expression };
    if (aggregate === 'count') return { aggregate: 'count_distinct', expression };
  }
  throw new OctavoError(
    'metric_invalid',
    `${file}: value of '${name}' is '${text}', expected count(*), count(distinct x), sum(x), avg(x), min(x) or max(x)`,
  );
}
