import { OctavoError } from '../../base/index.ts';
import type { IcebergType, Schema, StructType } from './metadata.ts';

interface NestedField {
  readonly id: number;
  readonly name: string;
  /** Id of the column or field that the struct is in. */
  readonly parent: number;
  readonly path: string;
}

/**
 * Refuses with `table_unsupported` schemas of one table in which a field inside a column has another
 * name than in an earlier one, or the name of another field. Columns are read by their ids, but what is
 * inside them by its name: old rows would show null, or the values of a field that was dropped.
 */
export function checkNestedNames(schemas: readonly Schema[]): void {
  const byId = new Map<number, NestedField>();
  const byName = new Map<string, NestedField>();
  for (const field of schemas.flatMap(nestedFields)) {
    const before = byId.get(field.id);
    if (before !== undefined && before.name !== field.name)
      throw refusal(field, `was named '${before.path}' before`);
    const place = `${field.parent}/${field.name}`;
    const namesake = byName.get(place);
    if (namesake !== undefined && namesake.id !== field.id)
      throw refusal(field, 'has the name of a field that was dropped');
    byId.set(field.id, field);
    byName.set(place, field);
  }
}

function nestedFields(schema: Schema): readonly NestedField[] {
  const found: NestedField[] = [];
  const visit = (type: IcebergType, parent: number, path: string): void => {
    if (typeof type === 'string') return;
    if (type.type === 'struct') visitFields(type, parent, path);
    else if (type.type === 'list') visit(type.element, parent, path);
    else {
      visit(type.key, type['key-id'], `${path}.key`);
      visit(type.value, type['value-id'], `${path}.value`);
    }
  };
  const visitFields = (struct: StructType, parent: number, path: string): void => {
    for (const field of struct.fields) {
      const inner = `${path}.${field.name}`;
      found.push({ id: field.id, name: field.name, parent, path: inner });
      visit(field.type, field.id, inner);
    }
  };
  for (const column of schema.fields) visit(column.type, column.id, column.name);
  return found;
}

function refusal(field: NestedField, about: string): OctavoError {
  return new OctavoError(
    'table_unsupported',
    `'${field.path}' ${about}; fields inside a column are read by name. Add a field of a new name instead`,
  );
}
