import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Today } from '../../../api/index.ts';
import { RequestError } from '../../data/request.ts';
import { useFormat, useText } from '../../i18n/language.tsx';
import { Empty } from '../../parts/empty.tsx';
import { ErrorState } from '../../parts/error-state.tsx';
import { Figure, Figures } from '../../parts/figure.tsx';
import { firstMetrics, useMetricText, wantedMetrics } from './first-metrics.ts';
import { messages } from './messages.ts';
import { todayQuery } from './queries.ts';

/** Fewer hours than these draw no line. */
const hoursMin = 3;

/** The day that runs, so far, beside the same weekday a week before to the same hour. */
export function RunningDay(): ReactNode {
  const say = useText(messages);
  const format = useFormat();
  const { data: today, error, refetch } = useQuery(todayQuery);
  // A process without tables has no such route, and a project may declare nothing that can be counted before the day is closed.
  if (error instanceof RequestError && error.code === 'route_not_found') return null;
  if (today !== undefined && today.metrics.length === 0) return null;
  return (
    <section className="home-numbers">
      <div className="sub rule">
        <h2>{today === undefined ? '…' : say('today', { time: format.time(today.to) })}</h2>
        <span className="more">
          {today === undefined ? null : say('todayRuns', { day: format.day(today.business_day) })}
        </span>
      </div>
      {today === undefined && error !== null ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : today === undefined ? (
        <Figures>
          {wantedMetrics.map((metric) => (
            <Figure key={metric} label=" " value={undefined} />
          ))}
        </Figures>
      ) : today.elapsed_seconds === 0 ? (
        <Empty what={say('todayBegun')}>{say('todayBegunNext')}</Empty>
      ) : (
        <Figures>
          {firstMetrics(today.metrics).map((metric) => (
            <RunningFigure key={metric.metric} metric={metric} day={today.business_day} />
          ))}
        </Figures>
      )}
    </section>
  );
}

function RunningFigure({
  metric,
  day,
}: {
  readonly metric: Today['metrics'][number];
  readonly day: string;
}): ReactNode {
  const say = useText(messages);
  const format = useFormat();
  const { nameOf, write, compare } = useMetricText();
  const { value, unit, hours } = metric;
  const [week = null] = metric.before;
  const known = metric.before.filter((each) => each !== null);
  const weekday = format.weekday(day);
  const comparison =
    value !== null && week !== null && week !== 0
      ? compare(value / week, {
          against: say('todayAgainst', { weekday }),
          even: say('todayEven', { weekday }),
        })
      : undefined;
  const usual = known.reduce((sum, each) => sum + each, 0) / known.length;
  return (
    <Figure
      label={nameOf(metric)}
      value={value === null ? null : write(unit, value)}
      comparison={comparison}
      note={
        comparison === undefined
          ? say('todayNothingBefore', { weekday })
          : known.length < 2
            ? undefined
            : say('todayUsual', { weekday, count: known.length, value: write(unit, Math.round(usual)) })
      }
      trend={hours.length < hoursMin || new Set(hours).size === 1 ? undefined : hours}
    />
  );
}
