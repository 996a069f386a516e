import { Type, type Static } from '@sinclair/typebox';
import { scopes } from './keys.ts';
import { roles } from './roles.ts';
import { Day, Nullable } from './schemas.ts';

const OneOf = <T extends string>(values: readonly T[], description: string) =>
  Type.Unsafe<T>({ type: 'string', enum: values, description });

/** What the console needs to know before it shows anything. */
export const SessionState = Type.Object(
  {
    person: Nullable(
      Type.Object({
        name: Type.String(),
        role: OneOf(roles, 'what he may do'),
        guest: Type.Boolean({ description: 'the demo, open to this machine' }),
      }),
    ),
    scopes: Type.Array(OneOf(scopes, 'what the routes ask for')),
    expires_at: Nullable(
      Type.String({ format: 'date-time', description: 'later while the session is used' }),
    ),
    expired: Type.Boolean({ description: 'there was a session, and it has ended' }),
    accounts: Type.Boolean({ description: 'false until somebody was added with `octavo users add`' }),
    open: Type.Boolean({ description: 'this machine needs no sign-in' }),
    version: Type.String(),
    store: Type.Object({
      name: Type.String(),
      currency: Type.String(),
      language: Type.Union([Type.Literal('ko'), Type.Literal('en')]),
      time_zone: Type.String(),
      day_start: Type.String(),
      business_day: Day,
    }),
  },
  { title: 'SessionState', description: 'who is signed in, and the store' },
);
export type SessionState = Static<typeof SessionState>;
