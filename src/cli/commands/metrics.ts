import type { Command } from 'commander';
import { hasCode, OctavoError, suggestion } from '../../base/index.ts';
import {
  compileMetric,
  grains,
  readSeries,
  wholeDimension,
  type Metric,
  type SeriesRow,
} from '../../statistics/index.ts';
import { dayOption } from '../arguments.ts';
import { answerOf, exampleText, notPublished, optionsOf, withPlatform, type Cli } from '../command.ts';
import type { Row } from '../table-text.ts';

interface MetricsOptions {
  from?: string;
  to?: string;
  grain: string;
  by?: string;
  sql?: boolean;
  csv?: boolean;
}

/** `octavo metrics` */
export function registerMetrics(program: Command, cli: Cli): void {
  program
    .command('metrics')
    .description('Show the metrics, or one metric by day, week or month.')
    .argument('[metric]', 'a metric’s name; without it, every metric with its newest value')
    .option('--from <day>', 'first business day')
    .option('--to <day>', 'last business day (default: the newest)')
    .option('--grain <grain>', 'day, week or month', 'day')
    .option('--by <dimension>', 'split by a dimension of the metric')
    .option('--sql', 'print the SQL that counts it, instead of its values')
    .option('--csv', 'answer as CSV')
    .addHelpText(
      'after',
      exampleText(
        'octavo metrics',
        'octavo metrics sales --from 2026-11-01 --by device',
        'octavo metrics sales --sql',
      ),
    )
    .action(async (name: string | undefined, _options: unknown, command: Command) => {
      const options = optionsOf<MetricsOptions>(command);
      const answer = answerOf(cli, options);
      const { by } = options;
      const grain = grains.find((known) => known === options.grain);
      if (grain === undefined)
        throw new OctavoError(
          'argument_invalid',
          `--grain is '${options.grain}', expected day, week or month`,
        );
      const from = dayOption('from', options.from);
      const to = dayOption('to', options.to);
      if (from !== undefined && to !== undefined && from > to)
        throw new OctavoError('argument_invalid', `--from ${from} is after --to ${to}`);
      if (name === undefined && (by !== undefined || options.sql === true))
        throw new OctavoError('argument_invalid', '--by and --sql need the name of a metric');
      await withPlatform(cli, options, async ({ project: { metrics }, store, config }) => {
        if (name === undefined) {
          const rows = [];
          for (const metric of metrics.values()) {
            const newest = await newestOf({ store, metric, metrics, grain, from, to });
            rows.push({
              metric: metric.name,
              title: metric.title[config.locale] ?? metric.title['en'] ?? metric.name,
              unit: metric.unit,
              period: newest?.period ?? null,
              value: newest?.value ?? null,
              dimensions: metric.dimensions.join(' '),
            });
          }
          if (options.csv === true) answer.csv(rows, Object.keys(rows[0] ?? {}));
          else if (answer.json) answer.document({ rows });
          else
            answer.rows(rows.map(rounded), {
              empty: 'the project defines no metrics: put a YAML file into metrics/',
            });
          return;
        }
        const metric = metrics.get(name);
        if (metric === undefined)
          throw new OctavoError('metric_not_found', `'${name}'${suggestion(name, metrics.keys())}`);
        if (options.sql === true) {
          const newest = (await store.current('statistic', 'daily'))?.business_day;
          const end = to ?? newest ?? '2026-01-31';
          const sql = sqlOf(metric, metrics, by, { from: from ?? end, to: end });
          answer.say(sql);
          answer.document({ metric: metric.name, by: by ?? null, sql });
          return;
        }
        if ((await store.current('statistic', 'daily')) === undefined) throw notPublished(metric.name);
        const series = await readSeries({ store, metric, metrics, grain, by, from, to });
        const rows = series.rows.map((row) => ({
          [grain]: row.period,
          ...(by === undefined ? {} : { [by]: row.member }),
          [metric.name]: row.value,
          ...(row.complete ? {} : { through: row.through }),
        }));
        const columns = [grain, ...(by === undefined ? [] : [by]), metric.name];
        if (options.csv === true) answer.csv(rows, columns);
        else if (answer.json)
          answer.document({
            metric: metric.name,
            unit: metric.unit,
            grain,
            by: by ?? null,
            rows: series.rows,
          });
        else answer.rows(rows.map(rounded), { empty: 'no day of that span has been counted' });
      });
    });
}

/** The newest period of a metric; undefined when nothing has been counted yet. */
async function newestOf(query: Parameters<typeof readSeries>[0]): Promise<SeriesRow | undefined> {
  try {
    return (await readSeries({ ...query, from: query.from ?? query.to })).rows.at(-1);
  } catch (error) {
    if (hasCode(error, 'edition_not_found')) return undefined;
    throw error;
  }
}

/** Numbers for people: four places at most. */
function rounded(row: Row): Row {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      typeof value === 'number' ? Math.round(value * 1e4) / 1e4 : value,
    ]),
  );
}

function sqlOf(
  metric: Metric,
  metrics: ReadonlyMap<string, Metric>,
  by: string | undefined,
  window: { readonly from: string; readonly to: string },
): string {
  const dimension = by ?? wholeDimension;
  if (metric.kind === 'counted') return compileMetric(metric, dimension, window);
  const sides = [metric.of, metric.to].map((name) => metrics.get(name));
  const [of, to] = sides.map((side) =>
    side?.kind === 'counted' ? compileMetric(side, dimension, window) : '',
  );
  return `-- ${metric.of} divided by ${metric.to}\n${of};\n\n${to};`;
}
