import { OctavoError } from '../base/index.ts';
import type { TableId } from './catalog-port.ts';

/** Reads `namespace.name`; `argument_invalid` when it is something else. */
export function parseTableName(text: string): TableId {
  const match = /^([a-z_][a-z0-9_]*)\.([a-z_][a-z0-9_]*)$/i.exec(text);
  if (match === null)
    throw new OctavoError('argument_invalid', `'${text}' is no table name, write namespace.name`);
  return { namespace: match[1] as string, name: match[2] as string };
}

/** `namespace.name`. */
export function tableName(id: TableId): string {
  return `${id.namespace}.${id.name}`;
}
