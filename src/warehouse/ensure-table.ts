import { OctavoError } from '../base/index.ts';
import type { LoadedTable } from './catalog-port.ts';
import type { QueryResult } from './engine-port.ts';
import type { TableContext } from './iceberg/commit-options.ts';
import { currentSchema } from './iceberg/metadata.ts';
import { addColumn, createTable, widenColumn } from './iceberg/verbs.ts';
import { personalOf } from './personal.ts';
import { parseTableName } from './table-name.ts';
import { schemaChange, selectedColumns, type DeclaredColumn } from './write-columns.ts';

/** Which table is wanted. */
export interface WantedTable {
  readonly context: TableContext;
  /** The table as it is now. */
  readonly find: () => Promise<LoadedTable | undefined>;
  readonly name: string;
  readonly declared: readonly DeclaredColumn[];
  /** The columns of a query whose rows it takes; without one, those that are declared. */
  readonly selected: QueryResult['columns'] | undefined;
  /** Whether a column may become wider. */
  readonly widen: boolean | undefined;
}

/**
 * Creates the table, or gives it the columns that it lacks; again when another writer was first. A table with a column
 * `business_day` is partitioned by it. Errors: those of `schemaChange`, `commit_conflict` after five attempts.
 */
export async function ensureTable(wanted: WantedTable): Promise<LoadedTable> {
  const { context, find, name, declared, selected, widen } = wanted;
  const id = parseTableName(name);
  const columns = selectedColumns(
    selected ?? declared.map((column) => ({ name: column.name, type: column.type ?? 'VARCHAR' })),
    declared,
  );
  for (let attempt = 1; ; attempt++) {
    try {
      const table = await find();
      if (table === undefined) {
        return await createTable(context, id, {
          columns,
          ...(columns.some((column) => column.name === 'business_day')
            ? { partitionBy: 'business_day' }
            : {}),
          properties: personalOf(declared, columns),
        });
      }
      let evolved = table;
      const change = schemaChange(name, currentSchema(table.metadata), columns, { widen });
      for (const column of change.widened) evolved = await widenColumn(context, id, column);
      for (const column of change.added) {
        evolved = await addColumn(context, id, {
          name: column.name,
          type: column.type,
          ...(column.doc === undefined ? {} : { doc: column.doc }),
        });
      }
      return evolved;
    } catch (error) {
      const raced =
        error instanceof OctavoError && (error.code === 'table_exists' || error.code === 'commit_conflict');
      if (!raced || attempt >= attemptsMax) throw error;
    }
  }
}

const attemptsMax = 5;
