import { Type, type Static } from '@sinclair/typebox';
import { OctavoError, hashJson, parseYaml, Text } from '../base/index.ts';
import { assertFilter } from './filter.ts';

const table = (name: string) =>
  Type.String({
    default: name,
    pattern: '^[a-z_][a-z0-9_]*\\.[a-z_][a-z0-9_]*$',
    description: 'a table: namespace.name',
  });

/** JSON schema of `lists/<id>.yaml`: what a project may write, with every default. */
export const listSchema = Type.Object(
  {
    id: Type.String({ pattern: '^[a-z][a-z0-9-]*$', description: 'small letters, digits and hyphens' }),
    title: Type.Object({ ko: Type.String(), en: Type.String() }, { additionalProperties: false }),
    description: Type.Unsafe<Text>({ ...Text, default: '' }),
    family: Type.Union([Type.Literal('daily'), Type.Literal('weekly'), Type.Literal('monthly')]),
    window: Type.Optional(
      Type.Object(
        {
          days: Type.Optional(
            Type.Integer({ minimum: 1, maximum: 366, description: 'trailing business days' }),
          ),
          calendar: Type.Optional(Type.Union([Type.Literal('week'), Type.Literal('month')])),
        },
        { additionalProperties: false },
      ),
    ),
    tables: Type.Object(
      {
        lines: table('model.sale_lines'),
        refunds: table('model.sale_refunds'),
        titles: table('model.titles'),
        title_categories: table('model.title_categories'),
        categories: table('model.categories'),
      },
      { default: {}, additionalProperties: false },
    ),
    kinds: Type.Array(Type.String({ pattern: '^[\\w-]+$' }), { default: ['purchase'], minItems: 1 }),
    filter: Type.Optional(Type.String({ description: 'a SQL condition over the columns of a sale line' })),
    count: Type.Union([Type.Literal('buyers'), Type.Literal('copies')], { default: 'buyers' }),
    price: Type.Union([Type.Literal('paid'), Type.Literal('free'), Type.Literal('any')], { default: 'paid' }),
    without_buyer: Type.Union([Type.Literal('leave_out'), Type.Literal('order_is_buyer')], {
      default: 'leave_out',
    }),
    categories: Type.Union([Type.Literal('all'), Type.Literal('overall')], { default: 'all' }),
    size: Type.Integer({ default: 100, minimum: 1, maximum: 10_000 }),
    min_count: Type.Integer({ default: 1, minimum: 1 }),
    checks: Type.Object(
      {
        total_factor_max: Type.Number({ default: 10, exclusiveMinimum: 1, description: 'a factor above 1' }),
        closed_days: Type.Boolean({
          default: false,
          description: 'whether the shop has days without a sale',
        }),
      },
      { default: {}, additionalProperties: false },
    ),
  },
  { additionalProperties: false },
);

/** How far back a list looks: so many days up to the edition's, or its calendar week or month so far. */
export type ListWindow = { readonly days: number } | { readonly calendar: 'week' | 'month' };

/** A bestseller list with every default filled in. */
export type BestsellerList = Readonly<Omit<Static<typeof listSchema>, 'window'>> & {
  readonly window: ListWindow;
};

/** Reads one `lists/*.yaml`. Errors: `list_invalid`, with file and line, what is allowed, and the nearest name. */
export function parseList(text: string, file: string): BestsellerList {
  const spec = parseYaml({ text, file, schema: withOptionalDefaults, code: 'list_invalid' });
  if (spec.filter !== undefined) assertFilter(spec.filter, file);
  return { ...spec, window: resolveWindow(spec, file) };
}

/**
 * Hash of everything that decides what is counted and how; texts for people are left out.
 * The counting code's own version is part of it: a changed rule is a changed version.
 */
export function ruleVersion(list: BestsellerList): string {
  const { title: _title, description: _description, ...rules } = list;
  return hashJson({ countingVersion, rules }).slice(0, 16);
}

const countingVersion = 1;
const windowDays = { daily: 1, weekly: 7, monthly: 30 } as const;

function resolveWindow(spec: Static<typeof listSchema>, file: string): ListWindow {
  const { days, calendar } = spec.window ?? {};
  if (days !== undefined && calendar !== undefined) {
    throw new OctavoError(
      'list_invalid',
      `${file}: 'window' has both days and calendar, expected one of them`,
    );
  }
  if (calendar !== undefined) return { calendar };
  return { days: days ?? windowDays[spec.family] };
}

/** A key with a default may be left out; TypeBox checks before it fills, so the schema must say so. */
const withOptionalDefaults = optionalDefaults(listSchema);

function optionalDefaults<T>(schema: T): T {
  const { properties, required } = schema as {
    properties?: Record<string, { default?: unknown }>;
    required?: string[];
  };
  if (properties === undefined) return schema;
  const loosened = Object.fromEntries(
    Object.entries(properties).map(([name, one]) => [name, optionalDefaults(one)]),
  );
  const needed = (required ?? []).filter((name) => properties[name]?.default === undefined);
  return { ...schema, properties: loosened, required: needed };
}
