import type { IcebergType, Schema } from '../../src/warehouse/index.ts';

/** A row as text by column, the same from every engine; null stays null. */
export type CanonicalRow = readonly (string | null)[];

/** What differs between the SQL of DuckDB and of Spark. */
interface Dialect {
  quote(name: string): string;
  text(value: string): string;
  micros(value: string, zoned: boolean): string;
  /** A list of texts made of a list of values. */
  each(list: string, item: string, expression: string): string;
  join(texts: string): string;
  sort(texts: string): string;
  field(value: string, name: string): string;
}

/** DuckDB's SQL, which Octavo reads with. */
export const duckdb: Dialect = {
  quote: (name) => `"${name}"`,
  text: (value) => `(${value})::text`,
  micros: (value) => `epoch_us(${value})::text`,
  each: (list, item, expression) => `list_transform(${list}, lambda ${item}: ${expression})`,
  join: (texts) => `coalesce(array_to_string(${texts}, ','), '')`,
  sort: (texts) => `list_sort(${texts})`,
  field: (value, name) => `(${value})."${name}"`,
};

/** Spark's SQL. */
export const spark: Dialect = {
  quote: (name) => `\`${name}\``,
  text: (value) => `string(${value})`,
  micros: (value, zoned) => `string(unix_micros(${zoned ? value : `timestamp(${value})`}))`,
  each: (list, item, expression) => `transform(${list}, ${item} -> ${expression})`,
  join: (texts) => `array_join(${texts}, ',')`,
  sort: (texts) => `array_sort(${texts})`,
  field: (value, name) => `(${value}).\`${name}\``,
};

/** The SELECT list that makes canonical rows of a table with this schema. */
export function canonicalColumns(dialect: Dialect, schema: Schema): string {
  return schema.fields
    .map((field, index) => `${canonical(dialect, dialect.quote(field.name), field.type, 0)} as c${index}`)
    .join(', ');
}

function canonical(dialect: Dialect, value: string, type: IcebergType, depth: number): string {
  if (typeof type === 'string') {
    if (type === 'timestamp' || type === 'timestamptz') return dialect.micros(value, type === 'timestamptz');
    return type === 'binary' ? `hex(${value})` : dialect.text(value);
  }
  const inner = (part: string, of: IcebergType): string =>
    `coalesce(${canonical(dialect, part, of, depth + 1)}, 'null')`;
  const item = `e${depth}`;
  if (type.type === 'struct') {
    const parts = type.fields.map((field) => inner(dialect.field(value, field.name), field.type));
    return `case when ${value} is null then null else ${joined(parts, '{', '}')} end`;
  }
  if (type.type === 'list') {
    const texts = dialect.each(value, item, inner(item, type.element));
    return `case when ${value} is null then null else ${joined([dialect.join(texts)], '[', ']')} end`;
  }
  const entry = `${inner(`${item}.key`, type.key)} || ':' || ${inner(`${item}.value`, type.value)}`;
  const texts = dialect.sort(dialect.each(`map_entries(${value})`, item, entry));
  return `case when ${value} is null then null else ${joined([dialect.join(texts)], '<', '>')} end`;
}

function joined(parts: readonly string[], open: string, close: string): string {
  return `'${open}' || ${parts.join(` || ',' || `)} || '${close}'`;
}

/** Rows in one order, floating-point texts of any engine in one form. */
export function sortRows(schema: Schema, rows: readonly CanonicalRow[]): readonly string[] {
  const floats = schema.fields.map((field) => field.type === 'double' || field.type === 'float');
  const bits = schema.fields.map((field) => field.type === 'float');
  return rows
    .map((row) =>
      JSON.stringify(
        row.map((value, index) =>
          value === null || floats[index] !== true ? value : floatText(value, bits[index] === true),
        ),
      ),
    )
    .toSorted();
}

function floatText(text: string, single: boolean): string {
  const named: Readonly<Record<string, number>> = { inf: Infinity, infinity: Infinity, nan: NaN };
  const bare = text.toLowerCase().replace(/^-/, '');
  const value = named[bare] === undefined ? Number(text) : named[bare] * (text.startsWith('-') ? -1 : 1);
  const exact = single ? Math.fround(value) : value;
  return Object.is(exact, -0) ? '-0' : String(exact);
}
