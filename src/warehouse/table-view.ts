import { localPath } from './iceberg/data-file.ts';
import type { Schema } from './iceberg/metadata.ts';
import { duckdbType, quoteName, quoteText, readSchema } from './duckdb/types.ts';

/**
 * A SELECT over exactly these files, with the columns of the schema by their field ids: a renamed
 * column is found, an added one is null in older files. No files: no rows, and the right types.
 * Hidden columns are null; `file` names a column for the path of the file that a row stands in.
 */
export function filesSelect(
  schema: Schema,
  paths: readonly string[],
  hidden: readonly string[] = [],
  options: { readonly file?: string } = {},
): string {
  if (schema.fields.length === 0) return 'select 1 where false';
  if (paths.length === 0) {
    const columns = schema.fields.map((field) => `null::${duckdbType(field.type)} ${quoteName(field.name)}`);
    return `select ${columns.join(', ')} where false`;
  }
  const list = paths.map((path) => quoteText(localPath(path))).join(', ');
  const nulls = schema.fields
    .filter((field) => hidden.includes(field.name))
    .map((field) => `null::${duckdbType(field.type)} as ${quoteName(field.name)}`);
  const columns = nulls.length === 0 ? '*' : `* replace (${nulls.join(', ')})`;
  const file = options.file === undefined ? '' : `, filename as ${quoteName(options.file)}`;
  return `select ${columns}${file} from read_parquet([${list}], schema = ${readSchema(schema)})`;
}
