import { queryOptions, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { AlertIndex, AlertStatus } from '../../../api/index.ts';
import { request } from '../../data/request.ts';
import { Section } from '../../parts/page.tsx';
import { StatePill, type State } from '../../parts/state-pill.tsx';
import { usePageWords } from './words.ts';

/** What every alert finds of the newest day. */
export const alertsQuery = queryOptions({
  queryKey: ['alerts'],
  queryFn: ({ signal }) => request<AlertIndex>('/v1/alerts', { signal }),
  refetchInterval: 60_000,
});

const pills: Readonly<Record<AlertStatus['state'], State>> = {
  firing: 'risk',
  unknown: 'watch',
  waiting: 'watch',
  quiet: 'ok',
};

/** The alerts that fire, for the top of the screen; nothing when none does. */
export function FiringAlerts(): ReactNode {
  const { say, format } = usePageWords(undefined);
  const { data } = useQuery(alertsQuery);
  const firing = (data?.alerts ?? []).filter(({ state }) => state === 'firing');
  if (data === undefined || firing.length === 0) return null;
  const title = say('alertsFiring', { count: firing.length, day: format.day(data.business_day) });
  return <AlertSection title={title} alerts={firing} />;
}

/** The alerts of the project that do not fire; nothing when there are none. */
export function OtherAlerts(): ReactNode {
  const { say, format } = usePageWords(undefined);
  const { data } = useQuery(alertsQuery);
  const others = (data?.alerts ?? []).filter(({ state }) => state !== 'firing');
  if (data === undefined || others.length === 0) return null;
  const key = others.length === data.alerts.length ? 'alerts' : 'alertsOther';
  return <AlertSection title={say(key, { day: format.day(data.business_day) })} alerts={others} />;
}

function AlertSection({
  title,
  alerts,
}: {
  readonly title: string;
  readonly alerts: readonly AlertStatus[];
}): ReactNode {
  const { say } = usePageWords(undefined);
  const sentence = useSentence();
  const words = usePageWords(undefined);
  return (
    <Section title={title}>
      <table className="alert-table">
        <tbody>
          {alerts.map((alert) => (
            <tr key={alert.id}>
              <td>
                <StatePill state={pills[alert.state]}>{say(`alert_${alert.state}`)}</StatePill>
              </td>
              <td>
                {words.text(alert.title)}
                <div className="small muted">{sentence(alert)}</div>
              </td>
              <td className="num">{alert.value === null ? '–' : words.value(alert.value, alert.unit)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}

/** What the alert found, and by which rule. */
function useSentence(): (alert: AlertStatus) => string {
  const { say, format, value, change } = usePageWords(undefined);
  return (alert) => {
    if (alert.state === 'waiting') return say('alertWaiting');
    if (alert.reason === 'missing') return say('alertMissing');
    if (alert.compared_day !== null && alert.change !== null)
      return say('alertCompared', {
        day: format.day(alert.compared_day),
        value: value(alert.compared_value, alert.unit),
        change: change(alert.change, alert.unit),
      });
    if (alert.compared_day !== null) return say('alertNothing', { day: format.day(alert.compared_day) });
    return alert.limit === null ? '' : say('alertLimit', { value: value(alert.limit, alert.unit) });
  };
}
