import { Type } from '@sinclair/typebox';
import { parseDay } from '../../base/index.ts';
import type { AlertFinding } from '../../statistics/index.ts';
import { AlertIndex, type AlertStatus } from '../alert-schemas.ts';
import type { ApiContext, ApiServer } from '../context.ts';
import { otherAnswers } from '../problem.ts';
import { Day } from '../schemas.ts';

const states = ['firing', 'unknown', 'waiting', 'quiet'] as const;

/** The alerts, and what they find. */
export function alertRoutes(server: ApiServer, { alerts, shop, clock }: ApiContext): void {
  const indexOf = async (date: string | undefined): Promise<AlertIndex> => {
    const newest = shop.calendar.addDays(shop.calendar.dayOf(clock.now()), -1);
    const day = date === undefined ? newest : parseDay(date);
    const findings = (await alerts?.(day)) ?? [];
    const order = ({ state }: AlertFinding): number => states.indexOf(state);
    return { business_day: day, alerts: findings.toSorted((a, b) => order(a) - order(b)).map(statusOf) };
  };
  server.get(
    '/v1/alerts',
    {
      config: { scope: 'metrics:read' },
      schema: {
        operationId: 'listAlerts',
        summary: 'What every alert finds of a business day; by itself of the newest one that is over',
        tags: ['Metrics'],
        querystring: Type.Object({ date: Type.Optional(Day) }, { additionalProperties: false }),
        response: { 200: AlertIndex, ...otherAnswers('day_invalid') },
      },
    },
    (request) => indexOf(request.query.date),
  );
}

function statusOf(finding: AlertFinding): AlertStatus {
  const { alert, metric, grain, state, reason, value, against } = finding;
  const { title, when } = alert;
  const limits = { below: when.below, above: when.above, falls: when.falls, rises: when.rises };
  const declared = Object.values(limits).find((limit) => limit !== undefined);
  return {
    id: alert.id,
    title: typeof title === 'string' ? { ko: title, en: title } : { ...title },
    metric: metric.name,
    unit: metric.unit,
    grain,
    filter: { ...alert.filter },
    state,
    reason: reason ?? null,
    value,
    limit: (reason === undefined || reason === 'missing' ? declared : limits[reason]) ?? null,
    compared_day: against?.day ?? null,
    compared_value: against?.value ?? null,
    change: against?.change ?? null,
    to: [...(alert.to ?? [])],
  };
}
