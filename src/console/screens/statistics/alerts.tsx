import { queryOptions, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { AlertIndex, AlertStatus } from '../../../api/index.ts';
import { request } from '../../data/request.ts';
import { Section } from '../../parts/page.tsx';
import { StatePill, type State } from '../../parts/state-pill.tsx';
import { usePageWords } from './words.ts';

const alertsQuery = queryOptions({
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

/** What every alert of the project finds of the newest day; nothing when it declares none. */
export function Alerts(): ReactNode {
  const { say, format } = usePageWords(undefined);
  const sentence = useSentence();
  const words = usePageWords(undefined);
  const { data } = useQuery(alertsQuery);
  if (data === undefined || data.alerts.length === 0) return null;
  return (
    <Section title={say('alerts', { day: format.day(data.business_day) })}>
      <table className="alert-table">
        <tbody>
          {data.alerts.map((alert) => (
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
  const { say, format, value } = usePageWords(undefined);
  return (alert) => {
    if (alert.state === 'waiting') return say('alertWaiting');
    if (alert.reason === 'missing') return say('alertMissing');
    if (alert.compared_day !== null && alert.change !== null)
      return say('alertCompared', {
        day: format.day(alert.compared_day),
        value: value(alert.compared_value, alert.unit),
        change: format.change(alert.change),
      });
    if (alert.compared_day !== null) return say('alertNothing', { day: format.day(alert.compared_day) });
    return alert.limit === null ? '' : say('alertLimit', { value: value(alert.limit, alert.unit) });
  };
}
