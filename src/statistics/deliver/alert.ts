import { Type, type Static } from '@sinclair/typebox';
import { OctavoError, parseYaml, suggestion } from '../../base/index.ts';
import type { Metric } from '../metric.ts';
import { ComparisonName, GrainName, Text } from '../page/spec.ts';
import { unknownChannel } from './channel.ts';

const closed = { additionalProperties: false } as const;
const Share = Type.Number({ exclusiveMinimum: 0, maximum: 100, description: 'a share such as 0.3' });

/** What must hold for an alert to fire; one of them is enough. */
const Condition = Type.Object(
  {
    below: Type.Optional(Type.Number({ description: 'a threshold' })),
    above: Type.Optional(Type.Number({ description: 'a threshold' })),
    falls: Type.Optional(Share),
    rises: Type.Optional(Share),
    against: Type.Optional(ComparisonName),
    missing: Type.Optional(
      Type.Boolean({ description: 'whether a day that was not counted in time is told of; default true' }),
    ),
  },
  { ...closed, description: 'below, above, falls, rises, missing' },
);

const AlertSpec = Type.Object(
  {
    id: Type.String({ pattern: '^[a-z][a-z0-9-]{0,62}$', description: 'small letters, digits and hyphens' }),
    title: Text,
    metric: Type.String(),
    grain: Type.Optional(GrainName),
    filter: Type.Optional(
      Type.Record(Type.String(), Type.String(), { maxProperties: 1, description: 'dimension: member' }),
    ),
    when: Condition,
    /** Without it the alert stands in the console only. */
    to: Type.Optional(Type.Array(Type.String(), { description: 'names of channels' })),
  },
  closed,
);

const AlertFile = Type.Object({ alerts: Type.Array(AlertSpec) }, closed);

/** A rule over a metric, as a file of `alerts/` declares it. */
export type Alert = Static<typeof AlertSpec>;

/** Reads one file of `alerts/`. Errors: `alert_invalid` with file and line, what is allowed, and the nearest name. */
export function parseAlerts(
  text: string,
  file: string,
  known: { readonly metrics: ReadonlyMap<string, Metric>; readonly channels: readonly string[] },
): readonly Alert[] {
  const { alerts } = parseYaml({ text, file, schema: AlertFile, code: 'alert_invalid' });
  for (const alert of alerts) {
    const fail = (about: string, word: string): never => {
      const line = lineOf(text, alert.id, word);
      throw new OctavoError('alert_invalid', `${file}:${line}: ${about}`, { details: { file, line } });
    };
    const metric = known.metrics.get(alert.metric);
    if (metric === undefined)
      return fail(
        `unknown metric '${alert.metric}'${suggestion(alert.metric, known.metrics.keys())}`,
        alert.metric,
      );
    for (const dimension of Object.keys(alert.filter ?? {}))
      if (!metric.dimensions.includes(dimension))
        return fail(
          `'${metric.name}' has no '${dimension}'${suggestion(dimension, metric.dimensions)}`,
          dimension,
        );
    for (const channel of alert.to ?? [])
      if (!known.channels.includes(channel)) return fail(unknownChannel(channel, known.channels), channel);
    const { below, above, falls, rises, missing } = alert.when;
    if ([below, above, falls, rises].every((one) => one === undefined) && missing !== true)
      return fail(`'when' says nothing, expected below, above, falls, rises or missing`, 'when');
  }
  return alerts;
}

/** The first line with the word after the one that names the alert. */
function lineOf(text: string, id: string, word: string): number {
  const lines = text.split('\n');
  const begin = Math.max(
    0,
    lines.findIndex((line) => new RegExp(`id:\\s*['"]?${id}\\b`).test(line)),
  );
  const found = lines.findIndex((line, index) => index >= begin && line.includes(word));
  return (found < 0 ? begin : found) + 1;
}
