import { Type } from '@sinclair/typebox';
import { hashJson, OctavoError, parseYaml, Text, trimmed } from '../../base/index.ts';
import { assertPortable } from './portability.ts';
import { fullName, parseTemplate, refsOf, type Template } from './template.ts';

const Test = Type.Union([
  Type.Literal('not_null'),
  Type.Literal('unique'),
  Type.Object(
    { accepted_values: Type.Array(Type.Union([Type.String(), Type.Number(), Type.Boolean()])) },
    { additionalProperties: false },
  ),
  Type.Object(
    {
      relationships: Type.Object(
        { to: Type.String(), field: Type.String() },
        { additionalProperties: false },
      ),
    },
    { additionalProperties: false },
  ),
]);

const Header = Type.Object(
  {
    description: Type.Optional(Text),
    materialize: Type.Optional(
      Type.Union([Type.Literal('day'), Type.Literal('table')], {
        description: 'day: the SQL makes one business day; table: it makes the whole table',
      }),
    ),
    portable: Type.Optional(Type.Boolean({ description: 'false: the SQL may use what only one engine has' })),
    lookback: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 1200,
        description: 'how many days before its own the SQL reads from daily models',
      }),
    ),
    columns: Type.Optional(
      Type.Record(
        Type.String(),
        Type.Object(
          {
            description: Type.Optional(Text),
            type: Type.Optional(Type.String()),
            personal: Type.Optional(Type.Boolean()),
            tests: Type.Optional(Type.Array(Test)),
          },
          { additionalProperties: false },
        ),
      ),
    ),
    tests: Type.Optional(
      Type.Array(Type.Object({ name: Type.String(), sql: Type.String() }, { additionalProperties: false }), {
        description: 'each a SELECT over {{ this }} that returns the rows that are wrong',
      }),
    ),
  },
  { additionalProperties: false },
);

/** What must hold of a column's values. */
export type ColumnTest =
  | 'not_null'
  | 'unique'
  | { readonly accepted_values: readonly (string | number | boolean)[] }
  | { readonly relationships: { readonly to: string; readonly field: string } };

export interface ModelColumn {
  readonly name: string;
  readonly description?: Text;
  readonly type?: string;
  readonly personal?: boolean;
  readonly tests: readonly ColumnTest[];
}

/** One SQL file that makes one table. */
export interface Model {
  /** The file's name without `.sql`; the table is `model.<name>`. */
  readonly name: string;
  /** Path as it is shown in errors. */
  readonly file: string;
  readonly description: Text;
  readonly materialize: 'day' | 'table';
  /** Days before its own that it reads of daily models. */
  readonly lookback: number;
  readonly columns: readonly ModelColumn[];
  readonly tests: readonly { readonly name: string; readonly template: Template }[];
  readonly template: Template;
  /** Tables that it or its tests read, `namespace.name`. */
  readonly refs: readonly string[];
  /** Changes whenever the file's settings or SQL do; texts for people are left out. */
  readonly version: string;
}

/** Reads one model. Errors: `model_invalid` with file and line, what is allowed, and the nearest name. */
export function parseModel(options: {
  readonly text: string;
  readonly name: string;
  readonly file: string;
}): Model {
  const { text, name, file } = options;
  if (!/^[a-z][a-z0-9_]{0,62}$/.test(name)) {
    throw new OctavoError(
      'model_invalid',
      `${file}: '${name}' is no table name, expected small letters, digits and _`,
    );
  }
  const comment = /^\s*\/\*([\s\S]*?)\*\//.exec(text);
  const header = comment?.[1] ?? '';
  const start = comment?.[0].length ?? 0;
  const offset = text.slice(0, text.indexOf('/*') + 2).split('\n').length - 1;
  const settings = parseYaml({
    text: header,
    file,
    schema: Header,
    code: 'model_invalid',
    lineOffset: comment === null ? 0 : offset,
  });
  const body = text.slice(start);
  const lineOffset = text.slice(0, start).split('\n').length - 1;
  if (settings.portable !== false) assertPortable({ text: body, file, lineOffset });
  const template = parseTemplate({ text: body, file, lineOffset });
  if (body.trim() === '') throw new OctavoError('model_invalid', `${file}: there is no SQL after the header`);
  const columns = Object.entries(settings.columns ?? {}).map(([column, { tests, ...rest }]) => ({
    name: column,
    ...rest,
    tests: tests ?? [],
  }));
  const materialize = settings.materialize ?? 'table';
  const tests = (settings.tests ?? []).map((test) => ({
    name: test.name,
    template: parseTemplate({ text: test.sql, file, lineOffset: 0 }),
  }));
  return {
    name,
    file,
    description: trimmed(settings.description),
    materialize,
    lookback: settings.lookback ?? 0,
    columns,
    tests,
    template,
    refs: [
      ...new Set([
        ...[template, ...tests.map((test) => test.template)].flatMap(refsOf),
        ...columns.flatMap((column) => column.tests.flatMap(testedTable)),
      ]),
    ],
    version: hashJson({
      sql: body.replaceAll(/\s+/g, ' ').trim(),
      materialize,
      lookback: settings.lookback ?? 0,
      columns: columns.map(({ description: _description, ...rest }) => rest),
      tests: settings.tests ?? [],
    }).slice(0, 16),
  };
}

function testedTable(test: ColumnTest): readonly string[] {
  return typeof test === 'object' && 'relationships' in test ? [fullName(test.relationships.to)] : [];
}
