import { Type, type Static } from '@sinclair/typebox';
import { Text } from '../base/index.ts';
import { Nullable } from './schemas.ts';

/** How much came of each kind. */
export const EventKinds = Type.Object(
  {
    to: Type.String({ format: 'date-time', description: 'end of the 24 hours that are counted' }),
    kinds: Type.Array(
      Type.Object(
        {
          kind: Type.String(),
          events: Type.Integer({ description: 'that happened in the 24 hours before `to`' }),
          before: Type.Integer({ description: 'in the same 24 hours a week before' }),
          hours: Type.Array(Type.Integer(), { description: 'of the 24 hours, oldest first' }),
          description: Nullable(Text),
          known: Type.Boolean({ description: 'of the catalogue; else the store’s own' }),
        },
        { title: 'EventKind' },
      ),
      { description: 'the commonest first' },
    ),
  },
  { title: 'EventKinds', description: 'events by kind' },
);
export type EventKinds = Static<typeof EventKinds>;

/** What was refused, by reason. */
export const FailedEvents = Type.Object(
  {
    from: Type.String({ description: 'first business day' }),
    total: Type.Integer(),
    reasons: Type.Array(
      Type.Object(
        {
          code: Type.String(),
          path: Type.String({ description: 'JSON pointer into the event' }),
          rule: Type.String(),
          events: Type.Integer(),
          open: Type.Integer({ description: 'of them not stored yet: a replay means these' }),
          first_at: Type.String({ format: 'date-time' }),
          last_at: Type.String({ format: 'date-time' }),
          sources: Type.Array(Type.String()),
          message: Nullable(Type.String({ description: 'of the newest; null without `personal:read`' })),
          example: Type.Unknown({
            description: 'the newest as it came; without `personal:read` its form alone',
          }),
        },
        { title: 'FailedReason' },
      ),
      { description: 'the commonest first' },
    ),
  },
  { title: 'FailedEvents', description: 'refused events by reason' },
);
export type FailedEvents = Static<typeof FailedEvents>;

/** An event of the live tail. */
export interface TailEvent {
  /** When it was taken. */
  readonly at: string;
  readonly kind: string | null;
  readonly source: string;
  /** Why it was refused; null of a stored one. */
  readonly error: { readonly code: string; readonly path: string; readonly message: string } | null;
  /** As it is stored, or as it came; personal values are `***` without `personal:read`. */
  readonly event: unknown;
}

/** What the tail tells twice a second. */
export interface TailNews {
  /** Those that match, oldest first. */
  readonly events: readonly TailEvent[];
  /** All that came in `seconds`, matching or not. */
  readonly received: number;
  readonly seconds: number;
  /** Came too fast to be told, and may have matched. */
  readonly missed: number;
}
