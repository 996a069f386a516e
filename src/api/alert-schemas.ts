import { Type, type Static } from '@sinclair/typebox';
import { Day, Nullable } from './schemas.ts';

const oneOf = <const T extends readonly string[]>(values: T, description: string) =>
  Type.Unsafe<T[number]>({ type: 'string', enum: values, description });

/** What an alert found of a business day. */
export const AlertStatus = Type.Object(
  {
    id: Type.String(),
    title: Type.Record(Type.String(), Type.String(), { description: 'by language' }),
    metric: Type.String(),
    unit: Type.String(),
    grain: oneOf(['day', 'week', 'month'] as const, 'of the value'),
    filter: Type.Record(Type.String(), Type.String(), { description: 'dimension: member' }),
    state: oneOf(
      ['firing', 'quiet', 'waiting', 'unknown'] as const,
      'waiting: the day is not counted yet; unknown: there is nothing to hold it against',
    ),
    reason: Nullable(
      oneOf(['below', 'above', 'falls', 'rises', 'missing'] as const, 'the part of the rule that holds'),
    ),
    value: Nullable(Type.Number()),
    limit: Nullable(Type.Number({ description: 'the threshold, or the change that is told of' })),
    compared_day: Nullable(Day),
    compared_value: Nullable(Type.Number()),
    change: Nullable(Type.Number({ description: 'relative' })),
    to: Type.Array(Type.String(), { description: 'channels that are told' }),
  },
  { title: 'AlertStatus' },
);

export const AlertIndex = Type.Object(
  { business_day: Day, alerts: Type.Array(AlertStatus, { description: 'what fires first' }) },
  { title: 'AlertIndex', description: 'what fires first' },
);

export type AlertStatus = Static<typeof AlertStatus>;
export type AlertIndex = Static<typeof AlertIndex>;
