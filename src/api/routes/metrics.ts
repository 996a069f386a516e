import { Type } from '@sinclair/typebox';
import { OctavoError, parseDay, suggestion } from '../../base/index.ts';
import { readSeries } from '../../statistics/index.ts';
import type { ApiContext, ApiServer } from '../context.ts';
import { stampOf } from '../editions.ts';
import { answerTagged } from '../etag.ts';
import { otherAnswers } from '../problem.ts';
import { Day, MetricIndex, MetricSeries } from '../schemas.ts';

const config = { scope: 'metrics:read' } as const;

/** The metrics: every number from the same definitions as the statistics pages. */
export function metricRoutes(server: ApiServer, context: ApiContext): void {
  const { store, metrics } = context;

  server.get(
    '/v1/metrics',
    {
      config,
      schema: {
        operationId: 'listMetrics',
        summary: 'The metrics that the project defines',
        tags: ['Metrics'],
        querystring: Type.Object({}, { additionalProperties: false }),
        response: { 200: MetricIndex, ...otherAnswers() },
      },
    },
    (request, reply) =>
      answerTagged(request, reply, {
        metrics: [...metrics.values()].map((metric) => ({
          metric: metric.name,
          title: { ...metric.title },
          description: metric.description,
          unit: metric.unit,
          dimensions: [...metric.dimensions],
        })),
      }),
  );

  server.get(
    '/v1/metrics/:metric',
    {
      config,
      schema: {
        operationId: 'getMetric',
        summary: 'A metric by day, week or month, whole or by the members of a dimension',
        tags: ['Metrics'],
        params: Type.Object({ metric: Type.String() }),
        querystring: Type.Object(
          {
            from: Type.Optional(Day),
            to: Type.Optional(Day),
            grain: Type.Optional(
              Type.Union([Type.Literal('day'), Type.Literal('week'), Type.Literal('month')], {
                default: 'day',
              }),
            ),
            by: Type.Optional(Type.String({ description: 'one of the metric’s dimensions' })),
          },
          { additionalProperties: false },
        ),
        response: {
          200: MetricSeries,
          ...otherAnswers('metric_not_found', 'dimension_not_found', 'edition_not_found'),
        },
      },
    },
    async (request, reply) => {
      const { from, to, grain = 'day', by } = request.query;
      const metric = metrics.get(request.params.metric);
      if (metric === undefined) {
        const asked = request.params.metric;
        throw new OctavoError('metric_not_found', `'${asked}'${suggestion(asked, metrics.keys())}`);
      }
      if (from !== undefined && to !== undefined && from > to)
        throw new OctavoError('argument_invalid', `from ${from} is after to ${to}`);
      const series = await readSeries({
        store,
        metric,
        metrics,
        grain,
        by,
        from: from === undefined ? undefined : parseDay(from),
        to: to === undefined ? undefined : parseDay(to),
      });
      return answerTagged(request, reply, {
        ...stampOf(series.edition),
        metric: metric.name,
        unit: metric.unit,
        grain,
        by: by ?? null,
        rows: [...series.rows],
      });
    },
  );
}
