import { Type, type Static } from '@sinclair/typebox';
import { Text } from '../base/index.ts';
import { scopes } from './keys.ts';
import { roles } from './roles.ts';
import { Nullable } from './schemas.ts';

const Instant = Type.String({ format: 'date-time' });
const oneOf = <T extends string>(values: readonly T[], description: string) =>
  Type.Unsafe<T>({ type: 'string', enum: values, description });
/** A role by its name. */
export const RoleName = oneOf(roles, 'what he may do');
/** A scope by its name. */
export const ScopeName = oneOf(scopes, 'what it may do');

export const User = Type.Object(
  { name: Type.String(), role: RoleName, created_at: Instant, seen_at: Nullable(Instant) },
  { title: 'User', description: 'somebody who signs in to the console' },
);
export const Users = Type.Object(
  { users: Type.Array(User) },
  { title: 'Users', description: 'everybody who may sign in' },
);
export type Users = Static<typeof Users>;

/** A password that was made here: it is told once. */
export const MadePassword = Type.Object(
  {
    name: Type.String(),
    password: Nullable(Type.String({ description: 'made here and shown once; null when it was given' })),
  },
  { title: 'MadePassword', description: 'a password that was set' },
);
export type MadePassword = Static<typeof MadePassword>;

export const Key = Type.Object(
  {
    id: Type.String(),
    name: Type.String(),
    scopes: Type.Array(ScopeName),
    origins: Nullable(
      Type.Array(Type.String(), { description: "of a browser's key: the pages that may send; else null" }),
    ),
    events_per_second_max: Nullable(Type.Integer({ description: 'null: as configured' })),
    created_at: Instant,
    revoked_at: Nullable(Instant),
  },
  { title: 'ApiKey', description: 'a key without its secret' },
);
export const Keys = Type.Object({ keys: Type.Array(Key) }, { title: 'ApiKeys', description: 'all keys' });
export type Keys = Static<typeof Keys>;

export const MadeKey = Type.Intersect(
  [Key, Type.Object({ key: Type.String({ description: 'the key itself, shown once' }) })],
  { title: 'MadeApiKey', description: 'a key that was made' },
);
export type MadeKey = Static<typeof MadeKey>;

export const Configuration = Type.Object(
  {
    entries: Type.Array(
      Type.Object(
        {
          key: Type.String(),
          value: Nullable(Type.String({ description: 'null of a secret, and of what is not set' })),
          origin: oneOf(['default', 'file', 'environment'] as const, 'where the value comes from'),
          variable: Nullable(Type.String({ description: 'the environment variable that overrides it' })),
          description: Text,
          secret: Type.Boolean(),
        },
        { title: 'ConfigurationEntry' },
      ),
    ),
  },
  { title: 'Configuration', description: 'the configuration as it holds' },
);
export type Configuration = Static<typeof Configuration>;

export const Versions = Type.Object(
  {
    parts: Type.Array(Type.Object({ part: Type.String(), version: Type.String() })),
    licence: Type.String(),
    project: Type.String({ description: 'name of the project that is served' }),
  },
  { title: 'Versions', description: 'what runs here' },
);
export type Versions = Static<typeof Versions>;
