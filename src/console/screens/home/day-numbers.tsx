import { useQueries, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { MetricIndex, MetricSeries } from '../../../api/index.ts';
import { RequestError } from '../../data/request.ts';
import { useFormat, useText } from '../../i18n/language.tsx';
import { addDays } from '../../i18n/format.ts';
import { Empty } from '../../parts/empty.tsx';
import { ErrorState } from '../../parts/error-state.tsx';
import { Figure, Figures } from '../../parts/figure.tsx';
import { useSession } from '../../data/session.tsx';
import { firstMetrics, useMetricText, wantedMetrics } from './first-metrics.ts';
import { messages } from './messages.ts';
import { metricsQuery, seriesQuery } from './queries.ts';

type Metric = MetricIndex['metrics'][number];

const trendDays = 28;
const weekDays = 7;

/** The numbers of the newest day, each against the same weekday a week before. */
export function DayNumbers({ expected }: { readonly expected: string | undefined }): ReactNode {
  const say = useText(messages);
  const format = useFormat();
  const { state } = useSession();
  const today = state?.store.business_day;
  const { data: index, error } = useQuery(metricsQuery);
  const metrics = firstMetrics(index?.metrics ?? []);
  const from = today === undefined ? undefined : addDays(today, -trendDays - weekDays);
  const results = useQueries({
    queries: from === undefined ? [] : metrics.map(({ metric }) => seriesQuery(metric, from)),
  });
  const failed = error ?? results.find((result) => result.error !== null)?.error ?? null;
  if (failed instanceof RequestError && failed.code === 'edition_not_found') return <NoNumbers />;
  if (failed !== null) return <ErrorState error={failed} />;
  const day = results.find(({ data }) => data !== undefined)?.data?.business_day;
  const late = day !== undefined && expected !== undefined && day < expected;
  return (
    <section className="home-numbers">
      <div className="sub rule">
        <h2>{day === undefined ? '…' : say('numbers', { day: format.day(day) })}</h2>
        <span className="more">
          {late ? (
            say('numbersLate', { day: format.dayShort(expected) })
          ) : (
            <Link to="/statistics">{say('statistics')}</Link>
          )}
        </span>
      </div>
      <Figures>
        {(metrics.length === 0 ? wantedMetrics : metrics).map((metric, place) =>
          typeof metric === 'string' ? (
            <Figure key={metric} label=" " value={undefined} />
          ) : (
            <MetricFigure key={metric.metric} metric={metric} series={results[place]?.data} late={late} />
          ),
        )}
      </Figures>
    </section>
  );
}

function MetricFigure({
  metric,
  series,
  late,
}: {
  readonly metric: Metric;
  readonly series: MetricSeries | undefined;
  readonly late: boolean;
}): ReactNode {
  const say = useText(messages);
  const format = useFormat();
  const { nameOf, write, compare } = useMetricText();
  const label = nameOf(metric);
  if (series === undefined) return <Figure label={label} value={undefined} />;
  const byDay = new Map(series.rows.map((row) => [row.period, row.value]));
  const day = series.business_day;
  const value = byDay.get(day) ?? null;
  const before = byDay.get(addDays(day, -weekDays)) ?? null;
  const weekday = format.weekday(day);
  return (
    <Figure
      label={label}
      value={value === null ? null : write(metric.unit, value)}
      late={late}
      {...(value !== null && before !== null && before !== 0
        ? {
            comparison: compare(value / before, {
              against: say('against', { weekday }),
              even: say('even', { weekday }),
            }),
          }
        : { note: say('nothingBefore', { weekday }) })}
      trend={Array.from(
        { length: trendDays },
        (_, index) => byDay.get(addDays(day, index + 1 - trendDays)) ?? null,
      )}
    />
  );
}

function NoNumbers(): ReactNode {
  const say = useText(messages);
  return (
    <section className="home-numbers">
      <div className="rule">
        <Empty what={say('noNumbers')}>{say('noNumbersNext')}</Empty>
      </div>
    </section>
  );
}
