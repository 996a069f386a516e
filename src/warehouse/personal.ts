import type { LoadedTable } from './catalog-port.ts';
import type { DeclaredColumn } from './write-columns.ts';

/** Names the columns that hold personal data, separated by commas. */
export const personalProperty = 'octavo.personal';

/** The table's columns that hold personal data. */
export function personalColumns(table: LoadedTable): readonly string[] {
  return (table.metadata.properties[personalProperty] ?? '').split(',').filter((name) => name !== '');
}

/** The property that names a table's personal columns: those declared so, and those that are personal in what was read. */
export function personalOf(
  declared: readonly DeclaredColumn[] | undefined,
  present: readonly { readonly name: string }[],
  below: readonly string[] = [],
): Readonly<Record<string, string>> {
  if (declared === undefined) return {};
  const said = new Map(declared.map((column) => [column.name.toLowerCase(), column.personal]));
  const inherited = new Set(below.map((name) => name.toLowerCase()));
  const names = present
    .map(({ name }) => name)
    .filter((name) => said.get(name.toLowerCase()) ?? inherited.has(name.toLowerCase()));
  return { [personalProperty]: names.join(',') };
}
