import { Type, type Static } from '@sinclair/typebox';
import { Text } from '../base/index.ts';
import { parameterTypes } from '../query/index.ts';
import { Nullable } from './schemas.ts';

/** A statement as it is asked. */
export const QueryBody = Type.Object(
  {
    sql: Type.String({
      minLength: 1,
      maxLength: 200_000,
      description: 'one SELECT, DESCRIBE or SHOW TABLES',
    }),
    parameters: Type.Optional(
      Type.Record(
        Type.String({ pattern: '^[A-Za-z_][A-Za-z0-9_]{0,63}$' }),
        Type.Union([Type.String({ maxLength: 10_000 }), Type.Number(), Type.Boolean(), Type.Null()]),
        {
          maxProperties: 50,
          description:
            'a value for each `:name` that the statement names; bound, never spliced. Days are texts',
        },
      ),
    ),
    query_id: Type.Optional(
      Type.String({
        pattern: '^[A-Za-z0-9_-]{1,64}$',
        description: 'chosen by whoever asks, so that he can stop it',
      }),
    ),
    rows_max: Type.Optional(Type.Integer({ minimum: 1, maximum: 50_000, default: 10_000 })),
    personal: Type.Optional(
      Type.Boolean({ description: 'show personal columns; needs `personal:read`', default: false }),
    ),
  },
  { title: 'Query', additionalProperties: false },
);

/** The rows that a statement gave. */
export const QueryRows = Type.Object(
  {
    columns: Type.Array(
      Type.Object({
        name: Type.String(),
        type: Type.String({ description: 'as the engine names it, such as DECIMAL(18,2)' }),
      }),
    ),
    rows: Type.Array(Type.Array(Type.Unknown()), {
      description: 'values in the order of the columns; integers beyond 2^53, decimals and instants as texts',
    }),
    truncated: Type.Boolean({ description: 'there were more rows than `rows_max`, or more bytes than fit' }),
    seconds: Type.Number(),
    personal_hidden: Type.Boolean({ description: 'personal columns that it asks for read as null' }),
    snapshots: Type.Record(Type.String(), Type.String(), { description: 'what was read, by table' }),
  },
  { title: 'QueryRows', description: 'rows of a statement' },
);
export type QueryRows = Static<typeof QueryRows>;

/** What can be asked. */
export const QueryTables = Type.Object(
  {
    tables: Type.Array(
      Type.Object(
        {
          table: Type.String(),
          rows: Type.Integer(),
          columns: Type.Array(
            Type.Object({
              column: Type.String(),
              type: Type.String(),
              documentation: Text,
              personal: Type.Boolean(),
            }),
          ),
        },
        { title: 'QueryTable' },
      ),
    ),
    seconds_max: Nullable(Type.Number({ description: 'a query that takes longer is stopped' })),
  },
  { title: 'QueryTables', description: 'tables and columns that a statement may name' },
);
export type QueryTables = Static<typeof QueryTables>;

/** The parameters of a statement. */
export const QueryParameters = Type.Object(
  {
    parameters: Type.Array(
      Type.Object(
        {
          name: Type.String(),
          type: Type.Union(parameterTypes.map((type) => Type.Literal(type))),
        },
        { title: 'QueryParameter' },
      ),
    ),
  },
  { title: 'QueryParameters', description: 'what a statement wants to be told, with the types that it says' },
);
export type QueryParameters = Static<typeof QueryParameters>;
