import { Type, type Static } from '@sinclair/typebox';
import { Day, Nullable } from './schemas.ts';

const Value = Nullable(Type.Number());

/** The business day that runs, beside the same weekdays before it. */
export const Today = Type.Object(
  {
    business_day: Type.Intersect([Day], { description: 'the day that runs; it is not closed' }),
    from: Type.String({ format: 'date-time', description: 'when it began' }),
    to: Type.String({ format: 'date-time', description: 'up to when it is counted' }),
    elapsed_seconds: Type.Integer({
      description: 'from its beginning; earlier days are counted for as long from theirs',
    }),
    day_seconds: Type.Integer({ description: 'of the whole day: 82,800 or 90,000 when clocks change' }),
    against: Type.Array(Day, { description: 'the same weekdays before, the nearest first' }),
    metrics: Type.Array(
      Type.Object(
        {
          metric: Type.String(),
          title: Type.Record(Type.String(), Type.String()),
          unit: Type.String(),
          value: Nullable(Type.Number({ description: 'so far, from the events that came' })),
          before: Type.Array(Value, {
            description: 'of each day of `against`; null where the store has no events of it',
          }),
          hours: Type.Array(Value, { description: 'of each hour of the day that is over' }),
        },
        { title: 'RunningMetric' },
      ),
      { description: 'the metrics that declare `running`, and the ratios of such' },
    ),
  },
  { title: 'Today', description: 'the day so far' },
);
export type Today = Static<typeof Today>;
