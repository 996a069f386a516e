import type { Command } from 'commander';
import { OctavoError, parseDay, suggestion } from '../../base/index.ts';
import { compileMetric, readSeries, wholeDimension, type Metric } from '../../statistics/index.ts';
import { answerOf, optionsOf, withPlatform, type Cli } from '../command.ts';

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
    .description('Show the metrics, or one metric by day or month.')
    .argument('[metric]', 'a metric’s name; without it, every metric with its newest value')
    .option('--from <day>', 'first business day')
    .option('--to <day>', 'last business day (default: the newest)')
    .option('--grain <grain>', 'day or month', 'day')
    .option('--by <dimension>', 'split by a dimension of the metric')
    .option('--sql', 'print the SQL that counts it, instead of its values')
    .option('--csv', 'answer as CSV')
    .addHelpText(
      'after',
      '\nExamples:\n  octavo metrics\n  octavo metrics sales --from 2026-11-01 --by device\n  octavo metrics sales --sql',
    )
    .action(async (name: string | undefined, _options: unknown, command: Command) => {
      const options = optionsOf<MetricsOptions>(command);
      const answer = answerOf(cli, options);
      const { grain, by } = options;
      if (grain !== 'day' && grain !== 'month') {
        throw new OctavoError('argument_invalid', `--grain is '${grain}', expected day or month`);
      }
      const from = options.from === undefined ? undefined : parseDay(options.from);
      const to = options.to === undefined ? undefined : parseDay(options.to);
      await withPlatform(cli, options, async ({ project: { metrics }, store }) => {
        if (name === undefined) {
          const rows = [];
          for (const metric of metrics.values()) {
            const series = await readSeries({ store, metric, metrics, grain, to, from: from ?? to });
            const newest = series.rows.at(-1);
            rows.push({
              metric: metric.name,
              unit: metric.unit,
              period: newest?.period,
              value: newest?.value,
              title: metric.title['en'],
            });
          }
          answer.rows(rows, { empty: 'the project defines no metrics; see docs/guides/metrics.md' });
          return;
        }
        const metric = metrics.get(name);
        if (metric === undefined)
          throw new OctavoError('metric_not_found', `'${name}'${suggestion(name, metrics.keys())}`);
        if (options.sql === true) {
          answer.say(sqlOf(metric, metrics, by, { from: from ?? '2026-01-01', to: to ?? '2026-01-31' }));
          return;
        }
        const series = await readSeries({ store, metric, metrics, grain, by, from, to });
        const rows = series.rows.map((row) => ({
          [grain]: row.period,
          ...(by === undefined ? {} : { [by]: row.member }),
          [metric.name]: row.value,
          ...(row.complete ? {} : { through: row.through }),
        }));
        if (options.csv === true) answer.csv(rows, Object.keys(rows[0] ?? {}));
        else if (answer.json)
          answer.document({
            metric: metric.name,
            unit: metric.unit,
            grain,
            by: by ?? null,
            rows: series.rows,
          });
        else answer.rows(rows, { empty: 'no day of that span has been counted' });
      });
    });
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
