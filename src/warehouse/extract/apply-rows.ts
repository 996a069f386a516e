import { OctavoError, type BusinessDay } from '../../base/index.ts';
import type { LoadedTable } from '../catalog-port.ts';
import type { DuckdbSession } from '../duckdb/session.ts';
import { quoteName, quoteText } from '../duckdb/types.ts';
import { currentSchema } from '../iceberg/metadata.ts';
import { setProperties } from '../iceberg/verbs.ts';
import { parseTableName } from '../table-name.ts';
import type { TableWrite, Warehouse } from '../warehouse-port.ts';
import type { DeclaredColumn } from '../write-columns.ts';
import { keepDeletedRows } from './deleted-rows.ts';
import { placeRows } from './place-rows.ts';

/** What a read of a table brought; `afterSeal` rows changed in a sealed day, which stays as it is. */
export type ApplyCounts = Readonly<Record<'added' | 'changed' | 'deleted' | 'afterSeal', number>>;

/** Rows of `incoming` that are to become a raw table's. */
export interface RowsToApply {
  readonly target: string;
  /** The columns of `incoming`. */
  readonly columns: readonly DeclaredColumn[];
  /** Columns that identify a row; empty when nothing does. */
  readonly key: readonly string[];
  /** Column with the instant that decides the business day. */
  readonly time: string | undefined;
  /**
   * `whole`: the table holds these rows and no others. `part`: these rows are as they are now, those whose keys stand
   * in the table `gone` are no more. `after`: rows without a key, of which those that are there already are left out.
   */
  readonly extent:
    | { readonly kind: 'whole' }
    | { readonly kind: 'part'; readonly withGone: boolean }
    | { readonly kind: 'after'; readonly cursor: string };
  readonly properties: Readonly<Record<string, string>>;
  readonly signal: AbortSignal | undefined;
}

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
  const hasRows = known?.metadata['current-snapshot-id'] !== undefined;
  await checkKey(session, rows);
  if (hasRows) await warehouse.prepare(session, `select * from ${rows.target}`);
  else await session.run(`create schema if not exists raw`);
  if (!hasRows) await session.run(`create or replace temp view octavo_known as ${emptyKnown(rows)}`);
  else await session.run(`create or replace temp view octavo_known as select * from ${rows.target}`);
  if (rows.extent.kind === 'after' && hasRows) await leaveOutKnown(session, rows, known);
  await placeIncoming(session, warehouse, rows);
  const sealed = rows.time === undefined ? [] : await warehouse.sealedDays();
  await compare(session, rows, known, sealed);
  const found = await counts(session);
  check?.(found);
  const write = await writeOf(session, rows, known, found);
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

/** The table as it would be if it were there and empty. */
function emptyKnown({ columns, time }: RowsToApply): string {
  const list = columns.map(({ name, type }) => `cast(null as ${type}) as ${quoteName(name)}`);
  return `select ${[...list, ...(time === undefined ? [] : ['cast(null as date) as business_day'])].join(', ')} where false`;
}

async function checkKey(session: DuckdbSession, { key, target, time }: RowsToApply): Promise<void> {
  if (key.length > 0) {
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

async function leaveOutKnown(session: DuckdbSession, rows: RowsToApply, known: LoadedTable): Promise<void> {
  const cursor = quoteName(rows.extent.kind === 'after' ? rows.extent.cursor : '');
  const list = commonColumns(rows, known).map(quoteName).join(', ');
  await session.run(`create or replace temp table incoming as
    select n.* from (select *, row_number() over (partition by ${list}) as octavo_copy from incoming) n
    anti join (select ${list}, row_number() over (partition by ${list}) as octavo_copy from octavo_known
      where ${cursor} in (select ${cursor} from incoming)) o
    on ${[...commonColumns(rows, known), 'octavo_copy'].map((name) => same(name)).join(' and ')}`);
  await session.run('alter table incoming drop column octavo_copy');
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

/** Makes `octavo_fresh`, `octavo_changed` and `octavo_lost`, those of sealed days apart in `octavo_late`. */
async function compare(
  session: DuckdbSession,
  rows: RowsToApply,
  known: LoadedTable | undefined,
  sealed: readonly BusinessDay[],
): Promise<void> {
  const { key, time, extent } = rows;
  const columns = commonColumns(rows, known);
  const day = time === undefined ? 'cast(null as date)' : 'o.business_day';
  const isSealed =
    sealed.length === 0
      ? 'false'
      : `octavo_old_day in (${sealed.map((one) => `date ${quoteText(one)}`).join(', ')})`;
  if (key.length === 0) {
    await compareWithoutKey(session, rows, columns);
  } else {
    const equal = key.map((name) => same(name)).join(' and ');
    const others = rows.columns.map(({ name }) => name).filter((name) => !columns.includes(name));
    const added = others.map((name) => ` or n.${quoteName(name)} is not null`).join('');
    const rest = columns.filter((name) => !key.includes(name));
    const rowOf = (side: string): string =>
      `row(${rest.map((name) => `${side}.${quoteName(name)}`).join(', ')})`;
    const differs =
      rest.length === 0 ? `(false${added})` : `(${rowOf('n')} is distinct from ${rowOf('o')}${added})`;
    const goneOf =
      extent.kind === 'whole'
        ? `select o.*, ${day} as octavo_old_day from octavo_known o anti join arrived n on ${equal}`
        : extent.kind === 'part' && extent.withGone
          ? `select o.*, ${day} as octavo_old_day from octavo_known o semi join gone n on ${equal}`
          : `select o.*, ${day} as octavo_old_day from octavo_known o where false`;
    await session.run(`create or replace temp table octavo_fresh as select n.* from arrived n anti join octavo_known o on ${equal};
      create or replace temp table octavo_changed as select n.*, ${day} as octavo_old_day from arrived n join octavo_known o on ${equal} where ${differs};
      create or replace temp table octavo_lost as ${goneOf}`);
  }
  await session.run(`create or replace temp table octavo_late as
    select octavo_old_day from octavo_changed where ${isSealed} union all select octavo_old_day from octavo_lost where ${isSealed};
    delete from octavo_changed where ${isSealed}; delete from octavo_lost where ${isSealed}`);
}

/** Without a key a row that changed is one that went and one that came. */
async function compareWithoutKey(
  session: DuckdbSession,
  { extent }: RowsToApply,
  columns: readonly string[],
): Promise<void> {
  const list = columns.map(quoteName).join(', ');
  const whole = extent.kind === 'whole';
  await session.run(`create or replace temp table octavo_fresh as select * from arrived;
    create or replace temp table octavo_changed as select *, cast(null as date) as octavo_old_day from arrived where false;
    create or replace temp table octavo_lost as select *, cast(null as date) as octavo_old_day from octavo_known where false`);
  if (!whole) return;
  await session.run(`create or replace temp table octavo_fresh as
      select ${list} from arrived except all select ${list} from octavo_known;
    create or replace temp table octavo_lost as select *, cast(null as date) as octavo_old_day from
      (select ${list} from octavo_known except all select ${list} from arrived)`);
}

async function counts(session: DuckdbSession): Promise<ApplyCounts & { readonly before: number }> {
  const { rows } =
    await session.query(`select (select count(*) from octavo_fresh) as added, (select count(*) from octavo_changed) as changed,
    (select count(*) from octavo_lost) as deleted, (select count(*) from octavo_late) as late, (select count(*) from octavo_known) as before`);
  const [row] = rows;
  return {
    added: Number(row?.['added']),
    changed: Number(row?.['changed']),
    deleted: Number(row?.['deleted']),
    afterSeal: Number(row?.['late']),
    before: Number(row?.['before']),
  };
}

/** What is to be written; undefined when the table holds it already. */
async function writeOf(
  session: DuckdbSession,
  rows: RowsToApply,
  known: LoadedTable | undefined,
  { added, changed, deleted }: ApplyCounts,
): Promise<Pick<TableWrite, 'select' | 'mode' | 'days'> | undefined> {
  const { key, time, extent } = rows;
  if (added + changed + deleted === 0)
    return known === undefined ? { select: 'select * from octavo_fresh', mode: 'append' } : undefined;
  if (changed + deleted === 0 && (key.length > 0 || extent.kind !== 'whole'))
    return { select: 'select * from octavo_fresh', mode: 'append' };
  if (time === undefined && extent.kind === 'whole')
    return { select: 'select * from arrived', mode: 'replace' };
  const equal = key.map((name) => same(name)).join(' and ');
  const kept = (where: string): string => `select o.* from octavo_known o anti join
    (select ${key.map(quoteName).join(', ')} from octavo_changed union all select ${key.map(quoteName).join(', ')} from octavo_lost) n on ${equal}${where}
    union all by name select * exclude (octavo_old_day) from octavo_changed union all by name select * from octavo_fresh`;
  if (time === undefined) return { select: kept(''), mode: 'replace' };
  const found = await session.query(`select distinct cast(d as varchar) as d from (
    select octavo_old_day as d from octavo_changed union all select octavo_old_day from octavo_lost
    union all select business_day from octavo_changed union all select business_day from octavo_fresh) order by 1`);
  const days = found.rows.map((row) => String(row['d']));
  const list = days.map((one) => `date ${quoteText(one)}`).join(', ');
  return { select: kept(` where o.business_day in (${list})`), mode: 'replace-days', days };
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

/** Columns that both sides have, as `incoming` spells them. */
function commonColumns(rows: RowsToApply, known: LoadedTable | undefined): readonly string[] {
  if (known === undefined) return rows.columns.map(({ name }) => name);
  const there = new Set(currentSchema(known.metadata).fields.map(({ name }) => name.toLowerCase()));
  return rows.columns.map(({ name }) => name).filter((name) => there.has(name.toLowerCase()));
}

function same(name: string): string {
  return `n.${quoteName(name)} is not distinct from o.${quoteName(name)}`;
}
