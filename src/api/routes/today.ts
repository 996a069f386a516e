import { Type } from '@sinclair/typebox';
import { readRunningDay } from '../../statistics/index.ts';
import { askRows } from '../ask-rows.ts';
import type { ApiContext, ApiServer } from '../context.ts';
import { keepAnswer } from '../keep-answer.ts';
import { otherAnswers } from '../problem.ts';
import { Today } from '../today-schemas.ts';

const keptMs = 60_000;
const asked = ['query_busy', 'query_timeout', 'query_failed', 'data_damaged'] as const;

/** The running day, from the events that are loaded. Absent in a process without tables. */
export function todayRoutes(server: ApiServer, context: ApiContext): void {
  const { queries, clock, shop, metrics } = context;
  if (queries === undefined) return;
  const { calendar } = shop;
  const ask = askRows(queries);
  const today = keepAnswer(() => count(), { clock, keptMs });

  server.get(
    '/v1/today',
    {
      config: { scope: 'metrics:read' },
      schema: {
        operationId: 'getToday',
        summary:
          'The running day so far, beside the same weekdays before up to the same hour; counted once a minute',
        tags: ['Metrics'],
        querystring: Type.Object({}, { additionalProperties: false }),
        response: { 200: Today, ...otherAnswers(...asked) },
      },
    },
    () => today(''),
  );

  async function count(): Promise<Today> {
    const running = await readRunningDay({ metrics, calendar, nowMs: clock.now(), ask });
    const { startMs, endMs } = calendar.intervalOf(running.day);
    return {
      business_day: running.day,
      from: new Date(running.fromMs).toISOString(),
      to: new Date(running.toMs).toISOString(),
      elapsed_seconds: (running.toMs - running.fromMs) / 1000,
      day_seconds: (endMs - startMs) / 1000,
      against: [...running.against],
      metrics: running.metrics.map(({ metric, value, before, hours }) => ({
        metric,
        title: { ...metrics.get(metric)?.title },
        unit: metrics.get(metric)?.unit ?? 'count',
        value,
        before: [...before],
        hours: [...hours],
      })),
    };
  }
}
