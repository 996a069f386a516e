import type { LoadedTable } from '../catalog-port.ts';
import type { DuckdbSession } from '../duckdb/session.ts';
import { icebergType, quoteName } from '../duckdb/types.ts';
import { localPath } from '../iceberg/data-file.ts';
import { currentSchema, currentSnapshot } from '../iceberg/metadata.ts';
import type { ScanFilter } from '../iceberg/scan.ts';
import { parseValue } from '../iceberg/single-value.ts';
import { filesSelect } from '../table-view.ts';
import type { Warehouse } from '../warehouse-port.ts';
import type { RowsToApply } from './rows-to-apply.ts';

/** What of a raw table rows are held against. */
export interface KnownRows {
  /** Rows of the whole table. */
  readonly rowCount: number;
  /** Files that are compared. */
  readonly paths: readonly string[];
  /** Rows in them. */
  readonly comparedCount: number;
}

/**
 * Makes the view `octavo_known` of what rows of `incoming` (and keys of `gone`) are to be held against: the whole table
 * when they are all its rows, else the files that hold one of their keys. Files whose ranges say that they hold none are
 * not opened; of the others the key columns are looked through first.
 */
export async function openKnownRows(
  session: DuckdbSession,
  warehouse: Warehouse,
  rows: RowsToApply,
  known: LoadedTable,
): Promise<KnownRows> {
  const schema = currentSchema(known.metadata);
  const wanted = wantedOf(rows);
  const rowCount = Number(currentSnapshot(known.metadata)?.summary['total-records'] ?? 0);
  const ranges = wanted === undefined ? undefined : await rangesOf(session, known, rows, wanted);
  const { files } = ranges === 'nothing' ? { files: [] } : await warehouse.scan(known, ranges?.filters ?? []);
  const all = files.map(({ path }) => path);
  const paths =
    wanted === undefined || ranges === undefined || ranges === 'nothing'
      ? all
      : await pathsWith(session, known, all, { ...wanted, hasNulls: ranges.hasNulls });
  await session.run(`create or replace temp view octavo_known as ${filesSelect(schema, paths)}`);
  const compared = new Set(paths);
  const comparedCount = files.reduce((sum, one) => sum + (compared.has(one.path) ? one.recordCount : 0), 0);
  return { rowCount, paths, comparedCount };
}

/** Which rows are looked for, and where their values stand. */
interface Wanted {
  readonly columns: readonly string[];
  readonly relation: string;
}

function wantedOf({ key, extent }: RowsToApply): Wanted | undefined {
  if (extent.kind === 'whole') return undefined;
  const columns = extent.kind === 'after' ? [extent.cursor] : key;
  if (columns.length === 0) return undefined;
  const list = columns.map(quoteName).join(', ');
  const gone = extent.kind === 'part' && extent.withGone ? ` union all select ${list} from gone` : '';
  return { columns, relation: `(select ${list} from incoming${gone})` };
}

/** Types whose values are ordered by the engine as by the files' ranges. */
const ordered = /^(int|long|string|date|timestamp|timestamptz|decimal.*)$/;

async function rangesOf(
  session: DuckdbSession,
  known: LoadedTable,
  rows: RowsToApply,
  { columns, relation }: Wanted,
): Promise<{ readonly filters: readonly ScanFilter[]; readonly hasNulls: boolean } | 'nothing'> {
  const ends = columns.flatMap((name) => {
    const column = quoteName(name);
    return [`min(${column})::varchar`, `max(${column})::varchar`, `count(*) - count(${column})`];
  });
  const select = ends.map((one, index) => `${one} as c${index}`).join(', ');
  const { rows: found } = await session.query(`select count(*) as n, ${select} from ${relation}`);
  if (Number(found[0]?.['n'] ?? 0) === 0) return 'nothing';
  const value = (index: number): string => String(found[0]?.[`c${index}`]);
  let hasNulls = false;
  const filters = columns.flatMap((name, index): readonly ScanFilter[] => {
    if (value(index * 3 + 2) !== '0') {
      hasNulls = true;
      return [];
    }
    const field = currentSchema(known.metadata).fields.find((one) => one.name === name);
    const declared = rows.columns.find((one) => one.name === name)?.type;
    if (field === undefined || typeof field.type !== 'string' || !ordered.test(field.type)) return [];
    if (declared === undefined || icebergType(declared, name) !== field.type) return [];
    const [from, to] = [value(index * 3), value(index * 3 + 1)];
    if (parseValue(field.type, from) === undefined || parseValue(field.type, to) === undefined) return [];
    return [
      { column: name, operator: '>=', value: from },
      { column: name, operator: '<=', value: to },
    ];
  });
  return { filters, hasNulls };
}

/** Those of the files that hold one of the wanted rows. */
export async function pathsWith(
  session: DuckdbSession,
  known: LoadedTable,
  paths: readonly string[],
  { columns, relation, hasNulls }: Wanted & { readonly hasNulls: boolean },
): Promise<readonly string[]> {
  if (paths.length === 0) return [];
  const operator = hasNulls ? 'is not distinct from' : '=';
  const same = columns.map((name) => `n.${quoteName(name)} ${operator} o.${quoteName(name)}`).join(' and ');
  const files = filesSelect(currentSchema(known.metadata), paths, [], { file: 'octavo_file' });
  const { rows } = await session.query(
    `select distinct octavo_file as f from (${files}) o semi join ${relation} n on ${same}`,
    { rowsMax: paths.length + 1 },
  );
  const found = new Set(rows.map(({ f }) => String(f)));
  return paths.filter((path) => found.has(localPath(path)));
}

/** Makes the view `octavo_held`: the rows of the files in which rows are to be changed or to go. Returns those files. */
export async function openHeldRows(
  session: DuckdbSession,
  known: LoadedTable,
  { paths }: KnownRows,
  key: readonly string[],
): Promise<readonly string[]> {
  const list = key.map(quoteName).join(', ');
  const relation = `(select ${list} from octavo_changed union all select ${list} from octavo_lost)`;
  const held = await pathsWith(session, known, paths, { columns: key, relation, hasNulls: true });
  const schema = currentSchema(known.metadata);
  await session.run(`create or replace temp view octavo_held as ${filesSelect(schema, held)}`);
  return held;
}

/** The table as it would be if it were there and empty, as the view `octavo_known`. */
export async function openNoRows(session: DuckdbSession, { columns, time }: RowsToApply): Promise<KnownRows> {
  const list = columns.map(({ name, type }) => `cast(null as ${type}) as ${quoteName(name)}`);
  const day = time === undefined ? [] : ['cast(null as date) as business_day'];
  await session.run(
    `create or replace temp view octavo_known as select ${[...list, ...day].join(', ')} where false`,
  );
  return { rowCount: 0, paths: [], comparedCount: 0 };
}
