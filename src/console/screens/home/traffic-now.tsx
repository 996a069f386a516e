import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Traffic } from '../../../api/index.ts';
import { trafficQuery } from '../../data/status.ts';
import { useFormat, useText } from '../../i18n/language.tsx';
import { ErrorState } from '../../parts/error-state.tsx';
import { Section } from '../../parts/page.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { messages } from './messages.ts';

const minutesShown = 100;
const minutesNow = 6;
const height = 48;

/** Events a minute, and how good they are. */
export function TrafficNow(): ReactNode {
  const say = useText(messages);
  const format = useFormat();
  const { data, error, refetch } = useQuery(trafficQuery);
  const rate = data?.per_second ?? 0;
  return (
    <Section
      title={say('traffic')}
      more={
        data === undefined ? undefined : (
          <Link to="/events" className="num">
            {say('perSecond', { count: format.number(rate, rate < 100 ? 1 : 0) })}
          </Link>
        )
      }
    >
      {error !== null && data === undefined ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : data === undefined ? (
        <Skeleton rows={2} />
      ) : (
        <Bars traffic={data} />
      )}
    </Section>
  );
}

function Bars({ traffic }: { readonly traffic: Traffic }): ReactNode {
  const say = useText(messages);
  const format = useFormat();
  const minutes = traffic.minutes.slice(-minutesShown);
  const sum = (of: 'received' | 'failed' | 'duplicates'): number =>
    minutes.reduce((total, minute) => total + minute[of], 0);
  const received = sum('received');
  if (received === 0) return <p className="muted">{say('noTraffic', { minutes: minutesShown })}</p>;
  const scale = scaleOf(minutes.map((minute) => minute.received));
  const share = (count: number): string => format.percent(count / received, count === 0 ? 0 : 2);
  const delay =
    traffic.delay_seconds === null ? '' : say('delay', { seconds: format.duration(traffic.delay_seconds) });
  const about = say('trafficAbout', {
    minutes: minutesShown,
    failed: share(sum('failed')),
    duplicates: share(sum('duplicates')),
    delay,
  });
  return (
    <>
      <svg
        className="traffic-bars"
        viewBox={`0 0 ${minutesShown * 6} ${height}`}
        preserveAspectRatio="none"
        aria-hidden="true"
      >
        {minutes.map((minute, index) => {
          const over = minute.received > scale;
          const tall = (Math.min(minute.received, scale) / scale) * (height - 6);
          const recent = index >= minutes.length - minutesNow ? 'now' : '';
          return over ? (
            <path
              key={minute.at}
              className={recent}
              d={`M${index * 6} ${height}v${-tall}h4.600v${tall}zm0 ${-tall - 2}v-4h4.600v4z`}
            />
          ) : (
            <rect
              key={minute.at}
              className={recent}
              x={index * 6}
              y={height - tall}
              width="4.600"
              height={tall}
            />
          );
        })}
      </svg>
      <p className="small">{about}</p>
    </>
  );
}

const burst = 3;

/** A burst, as after a standstill, is cut with a gap near its top, so that the other minutes keep their height. */
function scaleOf(counts: readonly number[]): number {
  const sorted = counts.filter((count) => count > 0).toSorted((a, b) => a - b);
  const usual = sorted[Math.floor(sorted.length * 0.9)] ?? 1;
  return Math.min(sorted.at(-1) ?? 1, usual * burst);
}
