import { Type } from '@sinclair/typebox';
import type { Secret } from '../secret.ts';
import { names, optionalText, zone } from './source-parts.ts';

/** What a table’s keys ask of each other in a database with a change log. */
function serverTableRules(
  table: Readonly<Record<string, unknown>>,
): { key: string; about: string } | undefined {
  if (table['mode'] === 'incremental' && table['cursor'] === undefined)
    return { key: 'mode', about: "is 'incremental', which needs a cursor: the column that only grows" };
  if (table['mode'] !== 'incremental' && table['cursor'] !== undefined)
    return { key: 'cursor', about: "goes with mode 'incremental'" };
  const omitted = table['omit'] as readonly string[];
  const needed = ['cursor', 'time', 'control', 'key'].find((key) =>
    omitted.some((column) => [table[key]].flat().includes(column)),
  );
  return needed === undefined ? undefined : { key: 'omit', about: `names a column of '${needed}'` };
}

const tableKeys = {
  from: optionalText(
    'Its name in the database, with a schema if need be: `sales.Invoice`. Default: the same.',
  ),
  cursor: optionalText(
    'Column that only grows: an id, or the time of the last change; needed by `incremental`.',
  ),
  lookBack: Type.Optional(
    Type.Integer({
      minimum: 0,
      description:
        'How far below the last cursor value rows are looked at again, for what commits late: seconds, or units of a number. Default 600 s, 1000.',
    }),
  ),
  key: names('Columns that identify a row. Default: the primary key.'),
  time: optionalText('Column with the instant that decides a row’s business day.'),
  columns: Type.Record(Type.String(), Type.String({ minLength: 1, columnType: true }), {
    default: {},
    description: "Column types instead of those of the type table, e.g. `{ price: 'decimal(18, 4)' }`.",
  }),
  omit: names('Columns that are never read.'),
  control: names('Numeric columns whose totals are compared with the source.'),
  personal: names('Columns that hold personal data.'),
};

const serverTable = Type.Object(
  {
    mode: Type.Unsafe<'incremental' | 'full' | 'log'>({
      type: 'string',
      enum: ['incremental', 'full', 'log'],
      default: 'full',
      description:
        'Rows beyond the last cursor value; the whole table, compared with what is there; or what the change log names.',
    }),
    ...tableKeys,
    timeZone: optionalText('IANA zone of times that carry none; without it the calendar’s.', zone),
  },
  { additionalProperties: false, rules: serverTableRules },
);

/** A table of a SQLite database: there is no change log. */
export const sqliteTable = Type.Object(
  {
    mode: Type.Unsafe<'incremental' | 'full'>({
      type: 'string',
      enum: ['incremental', 'full'],
      default: 'full',
      description: 'Rows beyond the last cursor value, or the whole table, compared with what is there.',
    }),
    ...tableKeys,
  },
  { additionalProperties: false, rules: serverTableRules },
);

const tls = Type.Object(
  {
    mode: Type.Unsafe<'auto' | 'off' | 'encrypt' | 'verify'>({
      type: 'string',
      enum: ['auto', 'off', 'encrypt', 'verify'],
      default: 'auto',
      description:
        '`verify`: encrypted, certificate and name checked; `encrypt`: encrypted only; `auto`: `verify` unless the server is on this machine.',
    }),
    ca: optionalText(
      'PEM file of the authority that signed the server’s certificate; relative to the project.',
    ),
    cert: optionalText('PEM file of this client’s certificate.'),
    key: optionalText('PEM file of this client’s key.'),
  },
  { additionalProperties: false, default: {}, description: 'Encryption of the connection.' },
);

/** How a database is read. */
export const readingKeys = {
  pageRows: Type.Integer({
    minimum: 1,
    maximum: 1_000_000,
    default: 20_000,
    description: 'Rows that one statement reads.',
  }),
  pauseMs: Type.Integer({ minimum: 0, default: 0, description: 'Rest between two pages.' }),
  snapshotTimeoutMs: Type.Integer({
    minimum: 1000,
    default: 3_600_000,
    description: 'How long one snapshot may stay open in the shop.',
  }),
  commitRows: Type.Integer({
    minimum: 1,
    default: 500_000,
    description: 'Rows of an incremental table that become one commit; after a kill it goes on from there.',
  }),
  verify: Type.Boolean({
    default: true,
    description: 'Whether counts and sums are compared with the source inside the snapshot.',
  }),
};

/** A source that is a database server. */
export const serverSource = <T extends 'mariadb' | 'mysql' | 'postgres'>(
  type: T,
  port: number,
  description: string,
) =>
  Type.Object(
    {
      type: Type.Literal(type, { description }),
      host: Type.String({
        minLength: 1,
        default: '127.0.0.1',
        description: 'Name or address of the server.',
      }),
      port: Type.Integer({ minimum: 1, maximum: 65_535, default: port, description: 'Its port.' }),
      socket: optionalText('Unix socket instead of host and port (PostgreSQL: the folder it lies in).'),
      database: Type.String({ minLength: 1, description: 'Name of the database.' }),
      user: Type.String({ minLength: 1, description: 'An account that may read the tables.' }),
      password: Type.Optional(Type.Unsafe<Secret>({ secret: true, description: 'Its password.' })),
      tls,
      tables: Type.Record(Type.String({ pattern: '^[a-z][a-z0-9_]{0,59}$' }), serverTable, {
        description: 'The tables to extract; `raw.<source>_<name>` is made of each.',
        expected: 'a name of small letters, digits and _',
      }),
      ...readingKeys,
      statementTimeoutMs: Type.Integer({
        minimum: 100,
        default: 60_000,
        description: 'A statement that takes longer is stopped by the server.',
      }),
      lockTimeoutMs: Type.Integer({
        minimum: 100,
        default: 10_000,
        description: 'How long a statement may wait for a lock.',
      }),
      slot: Type.String({
        default: 'octavo',
        pattern: '^[a-z0-9_]{1,63}$',
        expected: 'small letters, digits and _',
        description: 'Replication slot of PostgreSQL’s mode `log`.',
      }),
      publication: Type.String({
        default: 'octavo',
        minLength: 1,
        description: 'Publication of PostgreSQL’s mode `log`.',
      }),
    },
    { additionalProperties: false },
  );
