import { OctavoError } from '../../base/index.ts';
import type { IcebergType, Schema, SchemaField, StructType } from './metadata.ts';

/** A column of a table to be made; field ids are given by `createSchema`. Ids inside nested types are ignored. */
export interface ColumnSpec {
  readonly name: string;
  readonly type: IcebergType;
  readonly required?: boolean;
  readonly doc?: string;
}

/** A field with its place: `items.element.price`. */
export interface FieldPath {
  readonly id: number;
  readonly path: readonly string[];
  readonly type: IcebergType;
}

/** Numbers the columns: first all columns of a struct, then what is inside them, as Iceberg's own writers do. */
export function createSchema(columns: readonly ColumnSpec[], firstId = 1): Schema {
  let nextId = firstId;
  const take = (): number => nextId++;
  return { type: 'struct', 'schema-id': 0, fields: assignFields(columns, take) };
}

/** The columns numbered from `take` on, nested types included. */
export function assignFields(columns: readonly ColumnSpec[], take: () => number): readonly SchemaField[] {
  const names = new Set<string>();
  for (const { name } of columns) {
    if (names.has(name.toLowerCase()))
      throw new OctavoError('schema_invalid', `two columns are named '${name}'`);
    names.add(name.toLowerCase());
  }
  const numbered = columns.map((column) => ({ column, id: take() }));
  return numbered.map(({ column, id }) => ({
    id,
    name: column.name,
    required: column.required ?? false,
    type: assignType(column.type, take, column.name),
    ...(column.doc === undefined ? {} : { doc: column.doc }),
  }));
}

function assignType(type: IcebergType, take: () => number, name: string): IcebergType {
  if (typeof type === 'string') {
    if (!isPrimitive(type))
      throw new OctavoError('schema_invalid', `column '${name}' has the unknown type '${type}'`);
    return type.replaceAll(' ', '');
  }
  if (type.type === 'struct') return { type: 'struct', fields: assignFields(type.fields, take) };
  if (type.type === 'list') {
    const id = take();
    return { ...type, 'element-id': id, element: assignType(type.element, take, name) };
  }
  const [keyId, valueId] = [take(), take()];
  return {
    ...type,
    'key-id': keyId,
    key: assignType(type.key, take, name),
    'value-id': valueId,
    value: assignType(type.value, take, name),
  };
}

const primitives = new Set(
  'boolean int long float double date time timestamp timestamptz string uuid binary'.split(' '),
);

/** Whether the text is a primitive type of format version 2. */
export function isPrimitive(type: string): boolean {
  return primitives.has(type) || /^fixed\[\d+\]$/.test(type) || /^decimal\(\d+, ?\d+\)$/.test(type);
}

/** Precision and scale of a decimal type; undefined for others. */
export function decimalOf(
  type: IcebergType,
): { readonly precision: number; readonly scale: number } | undefined {
  const match = typeof type === 'string' ? /^decimal\((\d+), ?(\d+)\)$/.exec(type) : null;
  return match === null ? undefined : { precision: Number(match[1]), scale: Number(match[2]) };
}

/** Every field, outer before inner; list elements, map keys and values included. */
export function allFields(struct: StructType): readonly FieldPath[] {
  const fields: FieldPath[] = [];
  const visit = (id: number, path: readonly string[], type: IcebergType): void => {
    fields.push({ id, path, type });
    if (typeof type === 'string') return;
    if (type.type === 'struct')
      for (const field of type.fields) visit(field.id, [...path, field.name], field.type);
    if (type.type === 'list') visit(type['element-id'], [...path, 'element'], type.element);
    if (type.type === 'map') {
      visit(type['key-id'], [...path, 'key'], type.key);
      visit(type['value-id'], [...path, 'value'], type.value);
    }
  };
  for (const field of struct.fields) visit(field.id, [field.name], field.type);
  return fields;
}

/**
 * A field with a default value, which only format version 3 has: a reader of version 2 would show
 * null in its place. Undefined when there is none.
 */
export function fieldWithDefault(type: IcebergType): SchemaField | undefined {
  if (typeof type === 'string') return undefined;
  if (type.type === 'list') return fieldWithDefault(type.element);
  if (type.type === 'map') return fieldWithDefault(type.key) ?? fieldWithDefault(type.value);
  for (const field of type.fields) {
    const defaults = [field['initial-default'], field['write-default']];
    if (defaults.some((value) => value !== undefined && value !== null)) return field;
    const inner = fieldWithDefault(field.type);
    if (inner !== undefined) return inner;
  }
  return undefined;
}

/** The primitive fields only: what Parquet calls leaf columns. */
export function leafFields(struct: StructType): readonly (FieldPath & { readonly type: string })[] {
  return allFields(struct).filter(
    (field): field is FieldPath & { type: string } => typeof field.type === 'string',
  );
}

/** The greatest field id in use. */
export function lastColumnId(struct: StructType): number {
  return Math.max(0, ...allFields(struct).map((field) => field.id));
}

/** The top-level column with this name; `column_not_found` names the nearest ones. */
export function columnNamed(schema: Schema, name: string): SchemaField {
  const field = schema.fields.find((candidate) => candidate.name === name);
  if (field !== undefined) return field;
  const names = schema.fields.map((candidate) => candidate.name).join(', ');
  throw new OctavoError('column_not_found', `'${name}' is not one of ${names}`);
}

/** Whether two fields mean the same to a reader: types, names, ids, requiredness. */
export function sameStruct(left: StructType, right: StructType): boolean {
  return JSON.stringify(left.fields) === JSON.stringify(right.fields);
}

/** A column of `list<struct<…>>`, `map<…>` and so on is written by these. Ids are given later. */
export const listOf = (element: IcebergType): IcebergType => ({
  type: 'list',
  'element-id': 0,
  element,
  'element-required': false,
});

/** A struct of nullable fields. */
export const structOf = (fields: Readonly<Record<string, IcebergType>>): IcebergType => ({
  type: 'struct',
  fields: Object.entries(fields).map(([name, type]) => ({ id: 0, name, type, required: false })),
});

/** A map with nullable values. */
export const mapOf = (key: IcebergType, value: IcebergType): IcebergType => ({
  type: 'map',
  'key-id': 0,
  key,
  'value-id': 0,
  value,
  'value-required': false,
});
