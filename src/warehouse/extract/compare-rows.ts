import type { BusinessDay } from '../../base/index.ts';
import type { LoadedTable } from '../catalog-port.ts';
import type { DuckdbSession } from '../duckdb/session.ts';
import { quoteName, quoteText } from '../duckdb/types.ts';
import { currentSchema } from '../iceberg/metadata.ts';
import type { RowsToApply } from './rows-to-apply.ts';

/** Makes `octavo_fresh`, `octavo_changed` and `octavo_lost` of `arrived` and `octavo_known`, those of sealed days apart in `octavo_late`. */
export async function compareRows(
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

/** Takes out of `incoming` what stands in `octavo_known` already, as often as it does. */
export async function leaveOutKnown(
  session: DuckdbSession,
  rows: RowsToApply,
  known: LoadedTable,
): Promise<void> {
  const cursor = quoteName(rows.extent.kind === 'after' ? rows.extent.cursor : '');
  const list = commonColumns(rows, known).map(quoteName).join(', ');
  await session.run(`create or replace temp table octavo_left as
    select n.* exclude (octavo_copy) from (select *, row_number() over (partition by ${list}) as octavo_copy from incoming) n
    anti join (select ${list}, row_number() over (partition by ${list}) as octavo_copy from octavo_known
      where ${cursor} in (select ${cursor} from incoming)) o
    on ${[...commonColumns(rows, known), 'octavo_copy'].map((name) => same(name)).join(' and ')};
    create or replace temp view incoming as select * from octavo_left`);
}

/** Columns that both sides have, as `incoming` spells them. */
function commonColumns(rows: RowsToApply, known: LoadedTable | undefined): readonly string[] {
  if (known === undefined) return rows.columns.map(({ name }) => name);
  const there = new Set(currentSchema(known.metadata).fields.map(({ name }) => name.toLowerCase()));
  return rows.columns.map(({ name }) => name).filter((name) => there.has(name.toLowerCase()));
}

/** A join by a column of which null is a value. */
export function same(name: string): string {
  return `n.${quoteName(name)} is not distinct from o.${quoteName(name)}`;
}
