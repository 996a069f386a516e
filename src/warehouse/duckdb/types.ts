import { OctavoError } from '../../base/index.ts';
import type { IcebergType, Schema, StructType } from '../iceberg/metadata.ts';

/** A name quoted for SQL. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text quoted for SQL. */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** The DuckDB type that holds an Iceberg type exactly. */
export function duckdbType(type: IcebergType): string {
  if (typeof type === 'string') {
    const plain = toDuckdb[type];
    if (plain !== undefined) return plain;
    return type.startsWith('fixed') ? 'BLOB' : type.toUpperCase();
  }
  if (type.type === 'list') return `${duckdbType(type.element)}[]`;
  if (type.type === 'map') return `MAP(${duckdbType(type.key)}, ${duckdbType(type.value)})`;
  return `STRUCT(${type.fields.map((field) => `${quoteName(field.name)} ${duckdbType(field.type)}`).join(', ')})`;
}

/**
 * The Iceberg type that a column of this DuckDB type is stored as (`int` and `BIGINT` spellings alike).
 * Narrow integers widen; 128-bit sums become 64-bit and fail when they do not fit; what no other engine
 * could read (INTERVAL, BIT, UNION) is refused with `schema_invalid`.
 */
export function icebergType(text: string, column: string): IcebergType {
  const parser = new TypeText(text, column);
  return parser.whole();
}

/** The `FIELD_IDS` option of COPY: every column and what is inside it under its id. */
export function fieldIds(schema: StructType): string {
  return `{${schema.fields.map((field) => `${quoteName(field.name)}: ${idOf(field.id, field.type)}`).join(', ')}}`;
}

/** The `schema` option of read_parquet: columns by field id, so that renamed and added ones read as Iceberg means them. */
export function readSchema(schema: Schema): string {
  const fields = schema.fields.map(
    (field) =>
      `${field.id}: {name: ${quoteText(field.name)}, type: ${quoteText(duckdbType(field.type))}, default_value: null}`,
  );
  return `map {${fields.join(', ')}}`;
}

function idOf(id: number, type: IcebergType): string {
  if (typeof type === 'string') return String(id);
  if (type.type === 'list')
    return `{__duckdb_field_id: ${id}, element: ${idOf(type['element-id'], type.element)}}`;
  if (type.type === 'map') {
    return `{__duckdb_field_id: ${id}, key: ${idOf(type['key-id'], type.key)}, value: ${idOf(type['value-id'], type.value)}}`;
  }
  const inner = type.fields.map((field) => `${quoteName(field.name)}: ${idOf(field.id, field.type)}`);
  return `{__duckdb_field_id: ${id}, ${inner.join(', ')}}`;
}

const toDuckdb: Readonly<Record<string, string>> = {
  boolean: 'BOOLEAN',
  int: 'INTEGER',
  long: 'BIGINT',
  float: 'FLOAT',
  double: 'DOUBLE',
  date: 'DATE',
  time: 'TIME',
  timestamp: 'TIMESTAMP',
  timestamptz: 'TIMESTAMP WITH TIME ZONE',
  string: 'VARCHAR',
  uuid: 'UUID',
  binary: 'BLOB',
};

const toIceberg: Readonly<Record<string, string>> = {
  BOOLEAN: 'boolean',
  BOOL: 'boolean',
  TINYINT: 'int',
  SMALLINT: 'int',
  INTEGER: 'int',
  INT: 'int',
  UTINYINT: 'int',
  USMALLINT: 'int',
  BIGINT: 'long',
  LONG: 'long',
  UINTEGER: 'long',
  UBIGINT: 'long',
  HUGEINT: 'long',
  UHUGEINT: 'long',
  FLOAT: 'float',
  REAL: 'float',
  DOUBLE: 'double',
  DATE: 'date',
  TIME: 'time',
  TIMESTAMP: 'timestamp',
  DATETIME: 'timestamp',
  TIMESTAMP_S: 'timestamp',
  TIMESTAMP_MS: 'timestamp',
  TIMESTAMP_NS: 'timestamp',
  'TIMESTAMP WITH TIME ZONE': 'timestamptz',
  TIMESTAMPTZ: 'timestamptz',
  VARCHAR: 'string',
  STRING: 'string',
  TEXT: 'string',
  JSON: 'string',
  NULL: 'string',
  '"NULL"': 'string',
  SQLNULL: 'string',
  UUID: 'uuid',
  BLOB: 'binary',
  BINARY: 'binary',
};

/** Reads a type as DuckDB prints it: `STRUCT(x INTEGER, "y z" DECIMAL(18,2))[]`. */
class TypeText {
  readonly #text: string;
  readonly #column: string;
  #at = 0;

  constructor(text: string, column: string) {
    this.#text = text.trim();
    this.#column = column;
  }

  whole(): IcebergType {
    const type = this.#type();
    if (this.#at < this.#text.length) this.#refuse();
    return type;
  }

  #type(): IcebergType {
    let type = this.#base();
    while (/^\[\d*\]/.test(this.#rest())) {
      this.#at += (/^\[\d*\]/.exec(this.#rest()) as RegExpExecArray)[0].length;
      type = { type: 'list', 'element-id': 0, element: type, 'element-required': false };
    }
    return type;
  }

  #base(): IcebergType {
    if (this.#take(/^struct\s*\(/i)) {
      const fields = this.#list(() => {
        const name = this.#name();
        return { id: 0, name, required: false, type: this.#type() };
      });
      return { type: 'struct', fields };
    }
    if (this.#take(/^map\s*\(/i)) {
      const [key, value] = this.#list(() => this.#type());
      if (key === undefined || value === undefined) return this.#refuse();
      return { type: 'map', 'key-id': 0, key, 'value-id': 0, value, 'value-required': false };
    }
    const decimal = /^decimal\s*\(\s*(\d+)\s*,\s*(\d+)\s*\)/i.exec(this.#rest());
    if (decimal !== null) {
      this.#at += decimal[0].length;
      return `decimal(${decimal[1]},${decimal[2]})`;
    }
    if (this.#take(/^enum\s*\([^)]*\)/i)) return 'string';
    const word = /^(timestamp with time zone|"NULL"|[a-z_]\w*)/i.exec(this.#rest())?.[0];
    const type = word === undefined ? undefined : toIceberg[word.toUpperCase()];
    if (word === undefined || type === undefined) return this.#refuse();
    this.#at += word.length;
    return type;
  }

  #list<T>(item: () => T): T[] {
    const items: T[] = [];
    do {
      this.#take(/^\s+/);
      items.push(item());
      this.#take(/^\s+/);
    } while (this.#take(/^,/));
    if (!this.#take(/^\)/)) this.#refuse();
    return items;
  }

  #name(): string {
    const quoted = /^"((?:[^"]|"")*)"\s*/.exec(this.#rest());
    const plain = quoted ?? /^(\w+)\s+/.exec(this.#rest());
    if (plain === null) return this.#refuse();
    this.#at += plain[0].length;
    return (plain[1] as string).replaceAll('""', '"');
  }

  #take(pattern: RegExp): boolean {
    const found = pattern.exec(this.#rest());
    if (found === null) return false;
    this.#at += found[0].length;
    return true;
  }

  #rest(): string {
    return this.#text.slice(this.#at);
  }

  #refuse(): never {
    throw new OctavoError(
      'schema_invalid',
      `column '${this.#column}' has type ${this.#text}; cast it to a type that every engine reads`,
    );
  }
}
