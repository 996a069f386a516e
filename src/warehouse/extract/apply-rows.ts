import { basename, join } from 'node:path';
import { hasCode, OctavoError } from '../../base/index.ts';
import type { LoadedTable } from '../catalog-port.ts';
import type { DuckdbSession } from '../duckdb/session.ts';
import { quoteName, quoteText } from '../duckdb/types.ts';
import { localPath, type DataFileInput } from '../iceberg/data-file.ts';
import { currentSchema } from '../iceberg/metadata.ts';
import { sameStruct } from '../iceberg/schema.ts';
import { setProperties } from '../iceberg/verbs.ts';
import { personalOf } from '../personal.ts';
import { parseTableName } from '../table-name.ts';
import type { TableWrite, Warehouse } from '../warehouse-port.ts';
import { compareRows, leaveOutKnown, same } from './compare-rows.ts';
import { keepDeletedRows } from './deleted-rows.ts';
import { openHeldRows, openKnownRows, openNoRows, type KnownRows } from './known-rows.ts';
import { placeRows } from './place-rows.ts';
import type { ApplyCounts, RowsToApply } from './rows-to-apply.ts';

/** The table's contents after this are checked by it, before they are published. */
export type CheckCounts = (counts: ApplyCounts & { readonly before: number }) => void;

/**
 * Makes a raw table hold what the source holds, in one commit with the properties; nothing is written when nothing
 * differs. Rows of sealed days stay as they are. Errors: `source_invalid`, `source_value_unfit`, `commit_conflict`.
 */
export async function applyRows(
  session: DuckdbSession,
  warehouse: Warehouse,
  rows: RowsToApply,
  check?: CheckCounts,
): Promise<ApplyCounts> {
  const known = await warehouse.table(rows.target);
  await checkKey(session, rows);
  await session.run('create schema if not exists raw');
  const isEmpty = known?.metadata['current-snapshot-id'] === undefined;
  const against = isEmpty
    ? await openNoRows(session, rows)
    : await openKnownRows(session, warehouse, rows, known);
  if (rows.extent.kind === 'after' && !isEmpty) await leaveOutKnown(session, rows, known);
  await placeIncoming(session, warehouse, rows);
  const sealed = rows.time === undefined ? [] : await warehouse.sealedDays();
  // What comes first need not be compared, nor be stored a second time.
  if (isEmpty) await session.run('create or replace temp view octavo_fresh as select * from arrived');
  else await compareRows(session, rows, known, sealed);
  const found = { ...(await counts(session, isEmpty)), compared: against.comparedCount };
  check?.({ ...found, before: against.rowCount });
  if (isEmpty && found.added > 0 && (await appendStored(warehouse, rows, known))) return found;
  const write = await writeOf(session, rows, known, { found, against });
  if (write === undefined) {
    await warehouse.ensureTable(rows.target, rows.columns, undefined, { widen: true });
    if (Object.entries(rows.properties).some(([key, value]) => known?.metadata.properties[key] !== value))
      await setProperties(warehouse.context, parseTableName(rows.target), rows.properties);
    return found;
  }
  if (found.deleted > 0) await keepDeletedRows(session, warehouse, rows.target, rows.key, known);
  await warehouse.writeIn(session, rows.target, { ...common(rows, known), ...write });
  return found;
}

/** Gives the table the data files that the rows are in already; false when there are none, or not as the table wants them. */
async function appendStored(
  warehouse: Warehouse,
  rows: RowsToApply,
  known: LoadedTable | undefined,
): Promise<boolean> {
  const { target, columns, stored, properties, time } = rows;
  if (stored === undefined || time !== undefined) return false;
  const table = await warehouse.ensureTable(target, columns, undefined, { widen: true });
  if (!sameStruct(currentSchema(table.metadata), stored.schema)) return false;
  const { storage } = warehouse.context;
  const folder = join(localPath(table.metadata.location), 'data');
  await storage.makeDirectory(folder);
  const files: DataFileInput[] = [];
  try {
    for (const file of stored.files) {
      const path = join(folder, basename(file.path));
      await storage.rename(file.path, path, { durable: false });
      files.push({ ...file, path });
    }
  } catch (error) {
    // Scratch and warehouse may be different file systems: the rows are read from the one and written to the other.
    if (files.length === 0 && hasCode(error, 'storage_failed') && error.details['system'] === 'EXDEV')
      return false;
    for (const { path } of files) await storage.remove(path).catch(() => undefined);
    throw error;
  }
  await warehouse.appendFiles(target, files, {
    ...common(rows, known),
    properties: { ...personalOf(columns, columns), ...properties },
  });
  return true;
}

async function checkKey(
  session: DuckdbSession,
  { key, keyIsPrimary, target, time }: RowsToApply,
): Promise<void> {
  if (key.length > 0 && !keyIsPrimary) {
    const list = key.map(quoteName).join(', ');
    const { rows } = await session.query(
      `select ${list}, count(*) as octavo_rows from incoming group by all having count(*) > 1 limit 1`,
    );
    const [twice] = rows;
    if (twice !== undefined) {
      const said = key.map((name) => `${name} ${String(twice[name])}`).join(', ');
      throw new OctavoError('source_invalid', `${target}: the key is not unique: ${said}`);
    }
  }
  if (time === undefined) return;
  const { rows } = await session.query(`select count(*) as n from incoming where ${quoteName(time)} is null`);
  if (Number(rows[0]?.n) > 0)
    throw new OctavoError(
      'source_value_unfit',
      `${target}: ${String(rows[0]?.n)} rows have no '${time}', so they have no business day`,
    );
}

async function placeIncoming(
  session: DuckdbSession,
  warehouse: Warehouse,
  { time }: RowsToApply,
): Promise<void> {
  if (time === undefined) {
    await session.run('create or replace temp view arrived as select * from incoming');
    return;
  }
  await session.run(
    `create or replace temp view timed as select *, cast(${quoteName(time)} as timestamptz) as octavo_at from incoming`,
  );
  await placeRows(session, warehouse, 'timed');
  await session.run('create or replace temp table arrived as select * exclude (octavo_at) from placed');
}

async function counts(session: DuckdbSession, onlyFresh: boolean): Promise<Omit<ApplyCounts, 'compared'>> {
  const tables = { added: 'fresh', changed: 'changed', deleted: 'lost', afterSeal: 'late' };
  const list = Object.entries(tables).map(([name, table]) =>
    onlyFresh && name !== 'added' ? `0 as ${name}` : `(select count(*) from octavo_${table}) as ${name}`,
  );
  const { rows } = await session.query(`select ${list.join(', ')}`);
  const numberOf = (name: string): number => Number(rows[0]?.[name]);
  return {
    added: numberOf('added'),
    changed: numberOf('changed'),
    deleted: numberOf('deleted'),
    afterSeal: numberOf('afterSeal'),
  };
}

/** What is to be written; undefined when the table holds it already. */
async function writeOf(
  session: DuckdbSession,
  rows: RowsToApply,
  known: LoadedTable | undefined,
  {
    found: { added, changed, deleted },
    against,
  }: { readonly found: ApplyCounts; readonly against: KnownRows },
): Promise<Pick<TableWrite, 'select' | 'mode' | 'days' | 'files' | 'stored'> | undefined> {
  const { key, time, extent } = rows;
  const appended = { select: 'select * from octavo_fresh', mode: 'append', stored: true } as const;
  if (added + changed + deleted === 0) return known === undefined ? appended : undefined;
  if (changed + deleted === 0 && (key.length > 0 || extent.kind !== 'whole' || against.rowCount === 0))
    return appended;
  if (time === undefined && extent.kind === 'whole')
    return { select: 'select * from arrived', mode: 'replace', stored: true };
  const equal = key.map((name) => same(name)).join(' and ');
  const kept = (from: string, where: string): string => `select o.* from ${from} o anti join
    (select ${key.map(quoteName).join(', ')} from octavo_changed union all select ${key.map(quoteName).join(', ')} from octavo_lost) n on ${equal}${where}
    union all by name select * exclude (octavo_old_day) from octavo_changed union all by name select * from octavo_fresh`;
  if (extent.kind !== 'whole' && known !== undefined) {
    const files = await openHeldRows(session, known, against, key);
    return { select: kept('octavo_held', ''), mode: 'replace-files', files };
  }
  const found = await session.query(`select distinct cast(d as varchar) as d from (
    select octavo_old_day as d from octavo_changed union all select octavo_old_day from octavo_lost
    union all select business_day from octavo_changed union all select business_day from octavo_fresh) order by 1`);
  const days = found.rows.map((row) => String(row['d']));
  const list = days.map((one) => `date ${quoteText(one)}`).join(', ');
  return { select: kept('octavo_known', ` where o.business_day in (${list})`), mode: 'replace-days', days };
}

function common(rows: RowsToApply, known: LoadedTable | undefined): Omit<TableWrite, 'select' | 'mode'> {
  return {
    columns: rows.columns,
    properties: rows.properties,
    widen: true,
    expectedSnapshotId: known?.metadata['current-snapshot-id'] ?? null,
    ...(rows.signal === undefined ? {} : { signal: rows.signal }),
  };
}
