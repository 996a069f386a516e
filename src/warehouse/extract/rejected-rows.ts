import { OctavoError } from '../../base/index.ts';
import type { DuckdbSession } from '../duckdb/session.ts';
import { quoteText } from '../duckdb/types.ts';
import type { Warehouse } from '../warehouse-port.ts';
import type { DeclaredColumn } from '../write-columns.ts';
import { fileProperty, type SourceFile } from './file-set.ts';

const table = 'raw.rejected_rows';

/** The columns of `raw.rejected_rows`. */
export const rejectedColumns: readonly DeclaredColumn[] = [
  {
    name: 'rejected_at',
    type: 'TIMESTAMPTZ',
    description: { en: 'When the file was read.', ko: '파일을 읽은 때.' },
  },
  {
    name: 'source',
    type: 'VARCHAR',
    description: { en: 'Name of the source in the configuration.', ko: '설정에 있는 원천의 이름.' },
  },
  {
    name: 'file',
    type: 'VARCHAR',
    description: { en: 'Name of the file below the source’s folder.', ko: '원천 폴더 아래 파일의 이름.' },
  },
  {
    name: 'line',
    type: 'BIGINT',
    description: {
      en: 'Line (of Parquet: row) in the file, from 1; null where the reader did not say.',
      ko: '파일 안의 줄(Parquet은 행), 1부터. 알 수 없으면 비어 있음.',
    },
  },
  {
    name: 'column_name',
    type: 'VARCHAR',
    description: { en: 'Column that could not be read.', ko: '읽지 못한 열.' },
  },
  { name: 'message', type: 'VARCHAR', description: { en: 'Why.', ko: '까닭.' } },
  {
    name: 'raw',
    type: 'VARCHAR',
    description: { en: 'The line as it came.', ko: '온 그대로의 줄.' },
    personal: true,
  },
  {
    name: 'business_day',
    type: 'DATE',
    description: { en: 'The day on which it was read.', ko: '읽은 영업일.' },
  },
];

/**
 * Keeps the rows of `rejects` in `raw.rejected_rows`, each once: a file whose rejected rows are there is passed
 * over, so that a load that is repeated doubles nothing. Returns how many lines `rejects` has.
 */
export async function keepRejectedRows(
  session: DuckdbSession,
  warehouse: Warehouse,
  source: string,
  files: readonly (SourceFile & { readonly stamp: string })[],
): Promise<number> {
  const { rows } = await session.query(
    `select file, sum(line_count) n from
      (select file, max(line_count) as line_count from rejects group by file, coalesce(line, -rowid)) group by file order by file`,
  );
  if (rows.length === 0) return 0;
  const known = await warehouse.ensureTable(table, rejectedColumns);
  const stamps = Object.fromEntries(
    files
      .filter((file) => rows.some((row) => row.file === file.name))
      .map((file) => [`${source}/${fileProperty(file)}`, file] as const),
  );
  const fresh = Object.entries(stamps).filter(([key, file]) => known.metadata.properties[key] !== file.stamp);
  if (fresh.length > 0) {
    const nowMs = warehouse.context.clock.now();
    const list = fresh.map(([, file]) => quoteText(file.name)).join(', ');
    await warehouse.writeIn(session, table, {
      select: `select make_timestamptz(${nowMs}000) as rejected_at, ${quoteText(source)} as source, file, line, column_name, message, raw,
        date ${quoteText(warehouse.calendar.dayOf(nowMs))} as business_day from rejects where file in (${list})`,
      mode: 'append',
      columns: rejectedColumns,
      properties: Object.fromEntries(fresh.map(([key, file]) => [key, file.stamp])),
    });
  }
  return rows.reduce((sum, row) => sum + Number(row.n), 0);
}

/** What to say of too many rejected rows. */
export async function tooManyRejected(
  session: DuckdbSession,
  about: string,
  count: number,
  countMax: number,
): Promise<OctavoError> {
  const { rows } = await session.query(
    'select file, line, column_name, message from rejects order by file, line limit 3',
  );
  const examples = rows.map((row) => {
    const line = row.line === null ? '' : `:${String(row.line)}`;
    const column = row.column_name === null ? '' : ` ${String(row.column_name)}`;
    return `${String(row.file)}${line}${column}: ${String(row.message).split('\n')[0]}`;
  });
  return new OctavoError(
    'source_rows_broken',
    `${about}: ${count}, allowed are ${countMax}; ${examples.join('; ')}`,
    {
      details: { rejected: count, allowed: countMax },
    },
  );
}
