import { OctavoError, type Logger, type DatabaseSourceConfig } from '../../base/index.ts';
import { quoteName } from '../duckdb/types.ts';
import type { DuckdbSession } from '../duckdb/session.ts';
import type { Warehouse } from '../warehouse-port.ts';
import type { DeclaredColumn } from '../write-columns.ts';
import { applyRows, type CheckCounts } from './apply-rows.ts';
import { controlSum } from './control-totals.ts';
import type { DatabaseColumn, DatabaseSnapshot, TextRow } from './database-port.ts';
import type { TablePlan } from './loaded-column.ts';
import type { ApplyCounts, RowsToApply } from './rows-to-apply.ts';
import { controlColumns, countRows } from './server-totals.ts';
import { lastRow, linesOf, type RowLines } from './row-lines.ts';
import { openRowStage, type RowStage } from './stage-rows.ts';

/** One table on its way from a snapshot into its raw table. */
export interface TableRead {
  readonly warehouse: Warehouse;
  readonly snapshot: DatabaseSnapshot;
  readonly source: DatabaseSourceConfig;
  readonly plan: TablePlan;
  readonly log: Logger;
  readonly signal: AbortSignal;
  /** Table properties of the commit. */
  readonly properties: Readonly<Record<string, string>>;
}

/** Rows read, and what they changed. */
export type ReadCounts = ApplyCounts & { readonly rows: number };

/** Reads the whole table and makes the raw table hold the same; rows that are gone from the source go. */
export async function readWhole(read: TableRead): Promise<ReadCounts> {
  const { snapshot, plan, signal } = read;
  return staged(read, async (stage) => {
    if (plan.key.length === 0) {
      const sql = `select ${selectList(read)} from ${plan.table.sql}`;
      for await (const lines of snapshot.lines(sql, { isLong: true, signal })) await stage.add(lines);
    } else {
      for await (const lines of pages(read, plan.key, '', [])) await stage.add(lines);
    }
    return { where: '', extent: { kind: 'whole' }, properties: {} };
  });
}

/** Reads the rows beyond the last cursor value, and those so little below it that they may have been committed late. */
export async function readAfterCursor(read: TableRead, last: string | undefined): Promise<ReadCounts> {
  const { plan, snapshot, source } = read;
  const cursor = plan.cursor as DatabaseColumn;
  const { dialect } = snapshot;
  // Without a key rows of one cursor value cannot be told apart, so they are read to the last of them.
  const order = [cursor, ...plan.key.filter(({ name }) => name !== cursor.name)];
  const name = dialect.quote(cursor.name);
  const from = last === undefined ? `${name} is not null` : `${name} >= ${startOf(read, cursor, last)}`;
  const total = { rows: 0, added: 0, changed: 0, deleted: 0, afterSeal: 0, compared: 0 };
  let after: readonly string[] = [];
  let highest = last;
  const batch = { more: true };
  while (batch.more) {
    const batchAfter = after;
    const counts = await staged(read, async (stage) => {
      const linesOfRows =
        plan.key.length === 0
          ? ties(read, cursor, from)
          : pages(read, order, from, batchAfter, source.commitRows);
      for await (const lines of linesOfRows) {
        await stage.add(lines);
        after = keyOf(read, order, lastRow(lines));
        highest = after[0];
      }
      batch.more = stage.rowCount >= source.commitRows && plan.key.length > 0;
      const conditions = [
        from,
        ...(batchAfter.length === 0 ? [] : [dialect.beyond(order, batchAfter, false)]),
        ...(batch.more ? [`not ${dialect.beyond(order, after, false)}`] : []),
      ];
      return {
        where: conditions.map((one) => `(${one})`).join(' and '),
        extent:
          plan.key.length === 0 ? { kind: 'after', cursor: cursor.name } : { kind: 'part', withGone: false },
        properties: highest === undefined ? {} : { 'octavo.cursor': highest },
      };
    });
    for (const key of Object.keys(total) as (keyof typeof total)[]) total[key] += counts[key];
  }
  return total;
}

/** Reads the rows of the keys as they are now; those that are not there any more go. */
export async function readKeys(read: TableRead, keys: readonly TextRow[]): Promise<ReadCounts> {
  const { plan, snapshot, source, signal } = read;
  const { dialect } = snapshot;
  const names = plan.key.map(({ name }) => dialect.quote(name)).join(', ');
  const size = Math.min(keysMax, source.pageRows);
  const valueOf = (key: TextRow): string =>
    `(${plan.key.map((column, index) => dialect.literal(column, key[index] ?? '')).join(', ')})`;
  const columns = plan.columns.filter(({ source: one }) => plan.key.some(({ name }) => name === one.name));
  const sorted = plan.key.flatMap(({ name }) => columns.filter(({ source: one }) => one.name === name));
  const asked = await openRowStage(read.warehouse, { columns: sorted, about: plan.target, signal });
  try {
    await asked.add(linesOf(keys));
    return await staged(
      read,
      async (stage) => {
        for (let from = 0; from < keys.length; from += size) {
          const values = keys.slice(from, from + size).map(valueOf);
          const sql = `select ${selectList(read)} from ${plan.table.sql} where (${names}) in (${values.join(', ')})`;
          for await (const lines of snapshot.lines(sql, { signal })) await stage.add(lines);
          await pause(read);
        }
        return { where: undefined, extent: { kind: 'part', withGone: true }, properties: {} };
      },
      async (session) => {
        await asked.load(session);
        const list = plan.key.map(({ name }) => quoteName(name)).join(', ');
        await session.run(`create or replace temp table asked as select distinct * from incoming`);
        return `create or replace temp table gone as select ${list} from asked except select ${list} from incoming`;
      },
    );
  } finally {
    await asked.remove();
  }
}

const keysMax = 1000;

/** What was staged, and what it is. */
interface Staged {
  /** Condition in the source of exactly these rows; undefined: of the whole table afterwards. */
  readonly where: string | undefined;
  readonly extent: RowsToApply['extent'];
  readonly properties: Readonly<Record<string, string>>;
}

async function staged(
  read: TableRead,
  fill: (stage: RowStage) => Promise<Staged>,
  before?: (session: DuckdbSession) => Promise<string>,
): Promise<ReadCounts> {
  const { warehouse, plan, signal, log } = read;
  const known = await warehouse.table(plan.target);
  const isFirst = known?.metadata['current-snapshot-id'] === undefined && plan.declared.time === undefined;
  const stage = await openRowStage(warehouse, {
    columns: plan.columns,
    about: plan.target,
    isFirst,
    signal,
  });
  try {
    const { where, extent, properties } = await fill(stage);
    const expected =
      read.source.verify && where !== undefined ? await countRows(read.snapshot, plan, where) : undefined;
    const inTable =
      read.source.verify && where === undefined && plan.declared.time === undefined
        ? await countRows(read.snapshot, plan, '')
        : undefined;
    await stage.settled();
    return await warehouse.engine.session(
      async (session) => {
        const setup = await before?.(session);
        const { unfit, stored } = await stage.load(session);
        for (const [column, count] of Object.entries(unfit))
          log.warn('values have no counterpart in the warehouse and became null', {
            table: plan.target,
            column,
            count,
          });
        if (setup !== undefined) await session.run(setup);
        if (expected !== undefined) await compareStaged(session, plan, expected);
        const check: CheckCounts = (found) => {
          const rows = found.before + found.added - found.deleted;
          if (inTable !== undefined && rows !== Number(inTable[0]))
            throw mismatch(plan, `${inTable[0]} rows in the source, ${rows} after these changes`);
        };
        const rows = { ...rowsOf(read, extent, properties), ...(stored === undefined ? {} : { stored }) };
        const counts = await applyRows(session, warehouse, rows, check);
        if (counts.afterSeal > 0)
          log.warn('rows of sealed days have changed in the source; sealed days stay as they are', {
            table: plan.target,
            rows: counts.afterSeal,
          });
        return { rows: stage.rowCount, ...counts };
      },
      { signal },
    );
  } finally {
    await stage.remove();
  }
}

function rowsOf(
  { plan, properties, signal }: TableRead,
  extent: RowsToApply['extent'],
  own: Readonly<Record<string, string>>,
): RowsToApply {
  const columns: readonly DeclaredColumn[] = plan.columns.map(({ source, type }) => ({
    name: source.name,
    type,
    personal: plan.declared.personal.includes(source.name),
  }));
  return {
    target: plan.target,
    columns,
    key: plan.key.map(({ name }) => name),
    keyIsPrimary: plan.declared.key.length === 0,
    time: plan.declared.time,
    extent,
    properties: { ...properties, ...own },
    signal,
  };
}

/** Holds what was read against what the source counts in the same snapshot. */
async function compareStaged(
  session: DuckdbSession,
  plan: TablePlan,
  expected: readonly string[],
): Promise<void> {
  const columns = controlColumns(plan);
  const sums = columns.map(({ name }, index) => `, ${controlSum(name)} as s${index}`);
  const { rows } = await session.query(`select count(*) as octavo_rows${sums.join('')} from incoming`);
  const found = [
    String(rows[0]?.['octavo_rows']),
    ...columns.map((_, index) => String(rows[0]?.[`s${index}`])),
  ];
  const differences = expected.flatMap((text, index) =>
    text === found[index]
      ? []
      : [`${index === 0 ? 'rows' : columns[index - 1]?.name}: ${text} in the source, ${found[index]} read`],
  );
  if (differences.length > 0) throw mismatch(plan, differences.join('; '));
}

function mismatch({ target }: TablePlan, about: string): OctavoError {
  return new OctavoError('source_mismatch', `${target}: ${about}`);
}

function selectList({ plan }: TableRead): string {
  return plan.columns.map(({ source }) => source.select).join(', ');
}

/**
 * Pages by the order of columns that identify a row, to the one with which `rowsMax` is reached: each statement begins
 * where the last one ended.
 */
async function* pages(
  read: TableRead,
  order: readonly DatabaseColumn[],
  where: string,
  after: readonly string[],
  rowsMax = Infinity,
): AsyncIterable<RowLines> {
  const { snapshot, source, plan, signal } = read;
  const { dialect } = snapshot;
  // With the table's name, for the texts that are read have the columns' names too.
  const by = order.map(({ name }) => `octavo_t.${dialect.quote(name)}`).join(', ');
  let last = after;
  for (let left = rowsMax; ;) {
    const conditions = [
      ...(where === '' ? [] : [where]),
      ...(last.length === 0 ? [] : [dialect.beyond(order, last, false)]),
    ];
    const sql = `select ${selectList(read)} from ${plan.table.sql} octavo_t${conditions.length === 0 ? '' : ` where ${conditions.join(' and ')}`}
      order by ${by} limit ${source.pageRows}`;
    let rowCount = 0;
    for await (const lines of snapshot.lines(sql, { signal })) {
      rowCount += lines.rowCount;
      last = keyOf(read, order, lastRow(lines));
      yield lines;
    }
    left -= rowCount;
    if (rowCount < source.pageRows || left <= 0) return;
    await pause(read);
  }
}

/** Rows in the order of a cursor alone, in one statement. */
function ties(read: TableRead, cursor: DatabaseColumn, where: string): AsyncIterable<RowLines> {
  const { snapshot, plan, signal } = read;
  const sql = `select ${selectList(read)} from ${plan.table.sql} octavo_t where ${where}
    order by octavo_t.${snapshot.dialect.quote(cursor.name)}`;
  return snapshot.lines(sql, { isLong: true, signal });
}

function keyOf({ plan }: TableRead, order: readonly DatabaseColumn[], row: TextRow): readonly string[] {
  return order.map(({ name }) => row[plan.columns.findIndex(({ source }) => source.name === name)] ?? '');
}

const lookBackDefault = { number: 1000, time: 600 } as const;

function startOf({ plan, snapshot }: TableRead, cursor: DatabaseColumn, last: string): string {
  const amount =
    cursor.order === 'number' || cursor.order === 'time'
      ? (plan.declared.lookBack ?? lookBackDefault[cursor.order])
      : 0;
  return amount === 0 ? snapshot.dialect.literal(cursor, last) : snapshot.dialect.lower(cursor, last, amount);
}

async function pause({ source, warehouse, signal }: TableRead): Promise<void> {
  if (source.pauseMs > 0) await warehouse.context.clock.sleep(source.pauseMs, signal);
}
