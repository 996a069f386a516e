import { Type, type Static } from '@sinclair/typebox';
import { failedRowsMax, placesMax } from './failed-rows.ts';
import { Nullable } from './schemas.ts';

const text = (description: string) => Type.Optional(Type.String({ maxLength: 500, description }));

/** Which refused events are meant. */
const FailedFilterBody = Type.Object(
  {
    days: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 90,
        default: 7,
        description: 'refused in so many business days, today among them',
      }),
    ),
    code: text('of the error'),
    path: text('JSON pointer of the error'),
    rule: text('that was broken'),
    source: text('that came with the key of this name'),
    kind: text('of this kind'),
  },
  { additionalProperties: false },
);

export type FailedFilterQuery = Static<typeof FailedFilterBody>;

/** Which of them are shown. */
export const FailedRowsQuery = Type.Composite(
  [
    FailedFilterBody,
    Type.Object({
      resolved: Type.Optional(Type.Boolean({ description: 'also those that are stored meanwhile' })),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 100 })),
    }),
  ],
  { additionalProperties: false },
);

const Outcome = Type.Object(
  { code: Type.String(), path: Type.String(), rule: Type.String(), message: Type.String() },
  { title: 'EventError', description: 'why an event was refused' },
);

/** Refused events. */
export const FailedRows = Type.Object(
  {
    rows: Type.Array(
      Type.Object(
        {
          place: Type.String({ description: 'names it in a replay, e.g. `0-17`' }),
          event_id: Type.String({ description: 'its own id, else one that is made of its place' }),
          received_at: Type.String({ format: 'date-time' }),
          sent_at: Nullable(Type.String({ format: 'date-time' })),
          source: Type.String(),
          user_agent: Nullable(Type.String()),
          ip: Nullable(Type.String()),
          code: Type.String(),
          path: Type.String(),
          rule: Type.String(),
          message: Type.String({ description: 'empty without `personal:read`' }),
          event: Type.Unknown({ description: 'as it came; without `personal:read` its form alone' }),
          resolved: Type.Boolean({ description: 'an event of this id is stored' }),
        },
        { title: 'FailedRow' },
      ),
    ),
  },
  { title: 'FailedRows', description: 'refused events, oldest first' },
);
export type FailedRows = Static<typeof FailedRows>;

/** A change of an event: one of `value`, `from`, `remove`. */
const Change = Type.Object(
  {
    path: Type.String({ minLength: 2, maxLength: 500, description: 'JSON pointer into the event' }),
    value: Type.Optional(Type.Unknown({ description: 'set it to this' })),
    from: Type.Optional(
      Type.String({ maxLength: 500, description: 'move it from this pointer, or from `received_at`' }),
    ),
    remove: Type.Optional(Type.Literal(true, { description: 'take it out' })),
  },
  { title: 'EventChange', additionalProperties: false },
);

/** What is replayed and how it is mended. */
export const ReplayBody = Type.Composite(
  [
    FailedFilterBody,
    Type.Object({
      places: Type.Optional(
        Type.Array(Type.String({ maxLength: 30 }), {
          minItems: 1,
          maxItems: placesMax,
          description: 'exactly these, instead of `days`',
        }),
      ),
      changes: Type.Optional(
        Type.Array(Change, { maxItems: 100, description: 'made in each of them, in this order' }),
      ),
      events: Type.Optional(
        Type.Array(Type.Object({ place: Type.String({ maxLength: 30 }), event: Type.Unknown() }), {
          minItems: 1,
          maxItems: placesMax,
          description: 'mended by hand: stored instead of what came',
        }),
      ),
      dry_run: Type.Optional(Type.Boolean({ description: 'only check what would become of them' })),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: failedRowsMax, default: failedRowsMax })),
    }),
  ],
  { title: 'ReplayRequest', additionalProperties: false },
);

/** What became of a replay. */
export const Replayed = Type.Object(
  {
    dry_run: Type.Boolean(),
    selected: Type.Integer({ description: 'that were meant and not stored yet' }),
    more: Type.Boolean({ description: 'the limit was reached: ask again for those that are left' }),
    accepted: Type.Integer(),
    duplicates: Type.Integer({ description: 'stored meanwhile, and not yet in the warehouse' }),
    failed: Type.Integer({ description: 'refused again; they stay among the refused' }),
    results: Type.Array(
      Type.Object(
        {
          place: Type.String(),
          id: Type.String(),
          status: Type.Union([Type.Literal('accepted'), Type.Literal('duplicate'), Type.Literal('failed')]),
          error: Type.Optional(Outcome),
          event: Type.Optional(Type.Unknown({ description: 'as it would be sent; at a dry run' })),
        },
        { title: 'ReplayResult' },
      ),
      { description: `the first ${placesMax}` },
    ),
  },
  { title: 'Replayed', description: 'what became of a replay' },
);
export type Replayed = Static<typeof Replayed>;
