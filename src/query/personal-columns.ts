import { personalProperty, type Warehouse } from '../warehouse/index.ts';

/**
 * Columns with personal data that a statement asks for: those of the tables it reads that its text names or its result has.
 * Where they are hidden, a condition on one of them is never true, and who asks wants to know why.
 */
export async function personalColumnsOf(
  warehouse: Warehouse,
  sql: string,
  read: { readonly tables: readonly string[]; readonly columns: readonly string[] },
): Promise<readonly string[]> {
  const tables = await Promise.all(read.tables.map((name) => warehouse.table(name)));
  const personal = tables.flatMap((table) => (table?.metadata.properties[personalProperty] ?? '').split(','));
  const words = new Set(
    [...(sql.match(/[\p{L}\p{N}_]+/gu) ?? []), ...read.columns].map((word) => word.toLowerCase()),
  );
  return [...new Set(personal)].filter((column) => column !== '' && words.has(column.toLowerCase()));
}
