import { OctavoError, suggestion, textIn, type Text } from '../base/index.ts';
import type { ResultColumn } from './engine-port.ts';
import type { IcebergType, Schema } from './iceberg/metadata.ts';
import { decimalOf, type ColumnSpec } from './iceberg/schema.ts';
import { duckdbType, icebergType, quoteName } from './duckdb/types.ts';

/** A column as the writer declares it. */
export interface DeclaredColumn {
  readonly name: string;
  /** Any spelling of DuckDB or Iceberg: `bigint`, `decimal(18,2)`, `timestamptz`. Default: the SELECT's own. */
  readonly type?: string;
  /** The table's schema keeps the English one. */
  readonly description?: Text;
  readonly personal?: boolean;
}

/** The columns that a SELECT brings, with the types they are to be stored as. */
export function selectedColumns(
  selected: readonly ResultColumn[],
  declared: readonly DeclaredColumn[],
): readonly ColumnSpec[] {
  const byName = new Map(declared.map((column) => [column.name.toLowerCase(), column]));
  const unknown = declared.find(
    (column) => !selected.some((other) => other.name.toLowerCase() === column.name.toLowerCase()),
  );
  if (unknown !== undefined) {
    throw new OctavoError(
      'column_not_found',
      `the SELECT has no column '${unknown.name}', which is declared${suggestion(
        unknown.name,
        selected.map((column) => column.name),
      )}`,
    );
  }
  return selected.map((column) => {
    const declaration = byName.get(column.name.toLowerCase());
    return {
      name: column.name,
      type: icebergType(declaration?.type ?? column.type, column.name),
      ...(declaration?.description === undefined ? {} : { doc: textIn(declaration.description, 'en') }),
    };
  });
}

/** What a table needs before it can take the columns. */
export interface SchemaChange {
  /** Columns that the table lacks. */
  readonly added: readonly ColumnSpec[];
  /** Columns of the table whose type Iceberg can make as wide as that of the rows, with the wider type. */
  readonly widened: readonly ColumnSpec[];
}

/** Compares a table's schema with what is to be written; `column_change_refused` when a type would change. */
export function schemaChange(
  table: string,
  schema: Schema,
  columns: readonly ColumnSpec[],
  options: { readonly widen?: boolean | undefined } = {},
): SchemaChange {
  const added: ColumnSpec[] = [];
  const widened: ColumnSpec[] = [];
  for (const column of columns) {
    const known = schema.fields.find((field) => field.name.toLowerCase() === column.name.toLowerCase());
    if (known === undefined) added.push(column);
    else if (options.widen === true && isWider(column.type, known.type))
      widened.push({ name: known.name, type: column.type });
    else if (!fits(column.type, known.type)) {
      throw new OctavoError(
        'column_change_refused',
        `${table}.${known.name} is ${duckdbType(known.type)}, the new rows have ${duckdbType(column.type)}`,
        { details: { table, column: known.name } },
      );
    }
  }
  return { added, widened };
}

/** The SELECT list that turns the selected columns into the table's: cast, and null where one is missing. */
export function castList(schema: Schema, selected: readonly ResultColumn[]): string {
  const byName = new Map(selected.map((column) => [column.name.toLowerCase(), column]));
  return schema.fields
    .map((field) => {
      const column = byName.get(field.name.toLowerCase());
      const type = duckdbType(field.type);
      const value = column === undefined ? 'null' : quoteName(column.name);
      return `cast(${value} as ${type}) as ${quoteName(field.name)}`;
    })
    .join(', ');
}

/** Whether the type is one that Iceberg can promote the other to (https://iceberg.apache.org/spec/#schema-evolution). */
function isWider(type: IcebergType, than: IcebergType): boolean {
  const [to, from] = [decimalOf(type), decimalOf(than)];
  if (to !== undefined && from !== undefined) return to.scale === from.scale && to.precision > from.precision;
  return (than === 'int' && type === 'long') || (than === 'float' && type === 'double');
}

/** Whether values of one type can be stored as the other without a silent loss; what does not fit fails loudly in the cast. */
function fits(from: IcebergType, to: IcebergType): boolean {
  if (typeof from !== 'string' || typeof to !== 'string') {
    return typeof from === typeof to && (from as { type: string }).type === (to as { type: string }).type;
  }
  if (from === to) return true;
  const [fromDecimal, toDecimal] = [decimalOf(from), decimalOf(to)];
  if (fromDecimal !== undefined && toDecimal !== undefined) return fromDecimal.scale <= toDecimal.scale;
  if (from === 'int' || from === 'long')
    return ['int', 'long', 'double', 'float'].includes(to) || toDecimal !== undefined;
  if (to === 'double') return from === 'float' || fromDecimal !== undefined;
  return (from === 'string' && to === 'uuid') || (from === 'uuid' && to === 'string');
}
