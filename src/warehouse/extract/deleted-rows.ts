import type { LoadedTable } from '../catalog-port.ts';
import type { DuckdbSession } from '../duckdb/session.ts';
import { quoteName, quoteText } from '../duckdb/types.ts';
import type { Warehouse } from '../warehouse-port.ts';
import type { DeclaredColumn } from '../write-columns.ts';

const table = 'raw.deleted_rows';

const columns: readonly DeclaredColumn[] = [
  { name: 'seen_at', type: 'TIMESTAMPTZ', description: 'When the row was found to be gone.' },
  { name: 'table_name', type: 'VARCHAR', description: 'The raw table that it stood in.' },
  {
    name: 'row_key',
    type: 'VARCHAR',
    description: 'JSON: its key, or the whole row of a table without one.',
    personal: true,
  },
  { name: 'snapshot', type: 'BIGINT', description: 'Snapshot of the table that still has it.' },
  { name: 'business_day', type: 'DATE', description: 'The day on which it was found to be gone.' },
];

/** Keeps what is in `octavo_lost` in `raw.deleted_rows`, once for each snapshot of the table, however often it is tried. */
export async function keepDeletedRows(
  session: DuckdbSession,
  warehouse: Warehouse,
  target: string,
  key: readonly string[],
  known: LoadedTable | undefined,
): Promise<void> {
  const snapshot = known?.metadata['current-snapshot-id'] ?? 0n;
  await warehouse.ensureTable(table, columns);
  await warehouse.prepare(session, `select * from ${table}`);
  const value =
    key.length === 0
      ? 'to_json(octavo_lost)'
      : `json_object(${key.flatMap((name) => [quoteText(name), quoteName(name)]).join(', ')})`;
  const nowMs = warehouse.context.clock.now();
  await session.run(`create or replace temp table octavo_gone as
    select make_timestamptz(${nowMs}000) as seen_at, ${quoteText(target)} as table_name, cast(${value} as varchar) as row_key,
      cast(${snapshot} as bigint) as snapshot, date ${quoteText(warehouse.calendar.dayOf(nowMs))} as business_day from octavo_lost
    where not exists (select 1 from ${table} d where d.table_name = ${quoteText(target)} and d.snapshot = ${snapshot})`);
  const { rows } = await session.query('select count(*) as n from octavo_gone');
  if (Number(rows[0]?.['n']) === 0) return;
  await warehouse.writeIn(session, table, { select: 'select * from octavo_gone', mode: 'append', columns });
}
