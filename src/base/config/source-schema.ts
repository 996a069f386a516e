import { Type } from '@sinclair/typebox';
import { readingKeys, serverSource, sqliteTable } from './server-source-schema.ts';
import { names, optionalText, zone } from './source-parts.ts';

const path = Type.String({ minLength: 1, description: 'File, folder or glob; relative to the project.' });

const sqliteSource = Type.Object(
  {
    type: Type.Literal('sqlite', { description: 'A SQLite database.' }),
    path,
    tables: Type.Record(Type.String({ pattern: '^[a-z][a-z0-9_]{0,59}$' }), sqliteTable, {
      description: 'The tables to extract, by name.',
      expected: 'a name of small letters, digits and _',
    }),
    ...readingKeys,
  },
  { additionalProperties: false },
);

const fileSource = <T extends 'csv' | 'ndjson' | 'parquet'>(type: T, description: string) =>
  Type.Object(
    {
      type: Type.Literal(type, { description }),
      path,
      table: Type.String({
        pattern: '^[a-z][a-z0-9_]{0,59}$',
        expected: 'a name of small letters, digits and _',
        description: 'The table is `raw.<source>_<table>`.',
      }),
      columns: Type.Record(Type.String(), Type.String({ minLength: 1, columnType: true }), {
        default: {},
        description:
          "Column types by the column’s name in the files, e.g. `{ Quantity: 'int' }`; the others are text.",
      }),
      rename: Type.Record(Type.String(), Type.String({ pattern: '^[A-Za-z_][A-Za-z0-9_]{0,62}$' }), {
        default: {},
        description: 'New names by the column’s name in the files.',
      }),
      time: optionalText('Column (its name in the files) with the time that decides a row’s business day.'),
      timeFormat: optionalText('How `time` is written, in strptime’s letters; without it ISO 8601.'),
      timeZone: optionalText('IANA zone of times that carry none; without it the calendar’s.', zone),
      delimiter: Type.String({
        minLength: 1,
        maxLength: 1,
        default: ',',
        expected: 'one character',
        description: 'What separates the fields of a CSV line.',
      }),
      control: names('Numeric columns whose totals are checked when a day is sealed.'),
      personal: names('Columns that hold personal data.'),
      badRowsMax: Type.Integer({
        minimum: 0,
        default: 100,
        description: 'More unreadable rows than this stop the load.',
      }),
    },
    { additionalProperties: false },
  );

/** One source of the shop's own data; `type` decides which other keys there are. */
export const sourceSchema = Type.Union([
  sqliteSource,
  serverSource('mariadb', 3306, 'A MariaDB server.'),
  serverSource('mysql', 3306, 'A MySQL server, 5.6 to 9.'),
  serverSource('postgres', 5432, 'A PostgreSQL server.'),
  fileSource('csv', 'CSV files with a header line.'),
  fileSource('ndjson', 'Files with one JSON object a line.'),
  fileSource('parquet', 'Parquet files.'),
]);
