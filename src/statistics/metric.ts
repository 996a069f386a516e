import { Type, type Static } from '@sinclair/typebox';
import { hashJson, OctavoError, suggestion, Text, textIn } from '../base/index.ts';

const Names = Type.Record(Type.String(), Type.String(), {
  description: 'by language, e.g. { ko: …, en: … }',
});

const MetricFields = {
  name: Type.String({ pattern: '^[a-z][a-z0-9_]{0,62}$' }),
  title: Type.Optional(Names),
  description: Type.Optional(Text),
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
    additive: Type.Optional(
      Type.Boolean({ description: 'whether values of days add up; by itself, sums and counts do' }),
    ),
    dimensions: Type.Optional(
      Type.Record(Type.String({ pattern: '^[a-z][a-z0-9_]{0,62}$' }), Type.String(), {
        description: 'name: SQL expression over the table’s columns',
      }),
    ),
    running: Type.Optional(
      Type.Object(
        {
          value: Type.String({ description: 'as above, over the columns of raw.events' }),
          filter: Type.Optional(Type.String({ description: 'SQL condition on its columns' })),
        },
        {
          additionalProperties: false,
          description: 'how it is counted from the events of a day that still runs',
        },
      ),
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

const functions = ['count', 'sum', 'avg', 'min', 'max'] as const;
export type AggregateFunction = (typeof functions)[number] | 'count_distinct';

/** The dimension's name for the whole, undivided metric. */
export const wholeDimension = 'total';

interface MetricBase {
  readonly name: string;
  readonly title: Readonly<Record<string, string>>;
  readonly description: Text;
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
  /** Whether the values of days add up to the value of all of them. */
  readonly additive: boolean;
  readonly dimensionExpressions: Readonly<Record<string, string>>;
  /** How it is counted from `raw.events` while its day runs, where it can be. */
  readonly running?: RunningCount;
}

/** How a metric is counted from the events of a day that still runs. */
export interface RunningCount {
  readonly aggregate: AggregateFunction;
  readonly expression: string;
  readonly filter: string | undefined;
}

/** A metric that is one metric divided by another. */
export interface RatioMetric extends MetricBase {
  readonly kind: 'ratio';
  readonly of: string;
  readonly to: string;
}

export type Metric = CountedMetric | RatioMetric;

/** A definition and where it stands. */
export interface MetricSource {
  readonly spec: MetricSpec;
  /** `file:line` of a key of the definition, or of the definition itself. */
  readonly at: (key?: keyof MetricSpec) => string;
}

const countedKeys = ['table', 'value', 'filter', 'additive', 'dimensions', 'running'] as const;

/** Resolves one definition. Errors: `metric_invalid` with file and line. */
export function toMetric({ spec, at }: MetricSource): Metric {
  const base = {
    name: spec.name,
    title: spec.title ?? { en: spec.name },
    description: spec.description ?? '',
  };
  if (spec.ratio !== undefined) {
    const extra = countedKeys.find((key) => spec[key] !== undefined);
    if (extra !== undefined) throw invalid(at(extra), `'${spec.name}' is a ratio and takes no ${extra}`);
    return {
      ...base,
      kind: 'ratio',
      unit: spec.unit ?? 'share',
      of: spec.ratio.of,
      to: spec.ratio.to,
      dimensions: [],
    };
  }
  if (spec.table === undefined || spec.value === undefined) {
    throw invalid(at(), `'${spec.name}' needs table and value, or ratio`);
  }
  if (!/^[a-z_]\w*\.[a-z_]\w*$/i.test(spec.table)) {
    throw invalid(
      at('table'),
      `table of '${spec.name}' is '${spec.table}', expected namespace.name, e.g. model.sale_lines`,
    );
  }
  const dimensionExpressions = spec.dimensions ?? {};
  if (wholeDimension in dimensionExpressions) {
    throw invalid(
      at('dimensions'),
      `'${spec.name}': '${wholeDimension}' is the name of the undivided metric; name the dimension otherwise`,
    );
  }
  const parsed = parseValue(spec.value, spec.name, at('value'));
  return {
    ...base,
    kind: 'counted',
    unit: spec.unit ?? 'count',
    table: spec.table,
    ...parsed,
    filter: spec.filter,
    additive: spec.additive ?? (parsed.aggregate === 'sum' || parsed.aggregate === 'count'),
    dimensions: Object.keys(dimensionExpressions),
    dimensionExpressions,
    ...(spec.running === undefined
      ? {}
      : {
          running: {
            ...parseValue(spec.running.value, spec.name, at('running')),
            filter: spec.running.filter,
          },
        }),
  };
}

/** Checks a set of metrics against each other and gives ratios the dimensions that both sides have. Errors: `metric_invalid`. */
export function toMetrics(sources: readonly MetricSource[]): ReadonlyMap<string, Metric> {
  const metrics = new Map<string, Metric>();
  const places = new Map<string, MetricSource['at']>();
  for (const source of sources) {
    const { name } = source.spec;
    const first = places.get(name);
    if (first !== undefined)
      throw invalid(source.at('name'), `'${name}' is defined already at ${first('name')}`);
    metrics.set(name, toMetric(source));
    places.set(name, source.at);
  }
  for (const metric of metrics.values()) {
    if (metric.kind !== 'ratio') continue;
    const side = (name: string): CountedMetric => {
      const found = metrics.get(name);
      if (found?.kind === 'counted') return found;
      const about =
        found === undefined
          ? `no metric '${name}'${suggestion(name, metrics.keys())}`
          : `'${name}' is a ratio itself`;
      throw invalid(places.get(metric.name)?.('ratio') ?? '', `'${metric.name}': ${about}`);
    };
    const [of, to] = [side(metric.of), side(metric.to)];
    metrics.set(metric.name, {
      ...metric,
      dimensions: of.dimensions.filter((name) => to.dimensions.includes(name)),
    });
  }
  return metrics;
}

/** The metrics that are counted from tables; ratios are divided when they are read. */
export function countedMetrics(metrics: ReadonlyMap<string, Metric>): readonly CountedMetric[] {
  return [...metrics.values()].filter((metric) => metric.kind === 'counted');
}

/** Changes whenever what is counted of a closed day does. */
export function ruleVersion(metrics: ReadonlyMap<string, Metric>): string {
  const counted = countedMetrics(metrics).map(({ additive: _reading, running: _open, ...rest }) => ({
    ...rest,
    // A translation is no other rule; the editions that are there were hashed with the English text.
    description: textIn(rest.description, 'en'),
  }));
  return hashJson({ aggregates: 1, metrics: counted }).slice(0, 16);
}

function parseValue(
  text: string,
  name: string,
  at: string,
): { readonly aggregate: AggregateFunction; readonly expression: string } {
  const match = /^\s*(\w+)\s*\(\s*(distinct\s+)?([\s\S]+?)\s*\)\s*$/i.exec(text);
  const [, callee = '', distinct, expression] = match ?? [];
  const aggregate = functions.find((known) => known === callee.toLowerCase());
  if (aggregate !== undefined && expression !== undefined) {
    if (distinct === undefined) return { aggregate, expression };
    if (aggregate === 'count') return { aggregate: 'count_distinct', expression };
  }
  const allowed = 'count(*), count(distinct x), sum(x), avg(x), min(x) or max(x)';
  const nearest =
    match !== null && aggregate === undefined ? suggestion(callee.toLowerCase(), functions) : '';
  throw invalid(at, `value of '${name}' is '${text}'${nearest}; expected ${allowed}`);
}

function invalid(at: string, about: string): OctavoError {
  const [, file = at, line] = /^(.*):(\d+)$/.exec(at) ?? [];
  return new OctavoError('metric_invalid', `${at}: ${about}`, {
    details: { file, ...(line === undefined ? {} : { line: Number(line) }) },
  });
}
