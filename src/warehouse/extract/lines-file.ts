import { hasCode, OctavoError } from '../../base/index.ts';
import { quoteName, quoteText } from '../duckdb/types.ts';
import type { DuckdbSession } from '../duckdb/session.ts';
import type { LoadedColumn } from './loaded-column.ts';

/** Rows as lines in a file. */
export interface LinesFile {
  readonly path: string;
  readonly columns: readonly LoadedColumn[];
  readonly rowCount: number;
  /** Bytes of the longest line. */
  readonly longestBytes: number;
  /** The table they become rows of, for messages. */
  readonly about: string;
}

/** What the engine reads at once; a longer row makes it read more. */
const bufferBytesMin = 8 * 1024 * 1024;
const lineBytesMax = 1024 * 1024 * 1024;

/** Makes the view `octavo_lines` of a file's lines, all texts. Errors: `source_value_unfit` for a row that is too long. */
async function openLines(
  session: DuckdbSession,
  { path, columns, longestBytes, about }: LinesFile,
): Promise<void> {
  if (longestBytes > lineBytesMax)
    throw new OctavoError(
      'source_value_unfit',
      `${about}: a row has ${longestBytes} bytes, which is too many`,
    );
  const names = columns.map((_, index) => `${textOf(index)}: 'VARCHAR'`).join(', ');
  // One after the other: a value may hold what looks like the beginning of a line.
  await session.run(
    `create or replace temp view octavo_lines as select * from read_csv(${quoteText(path)}, columns = {${names}},
      auto_detect = false, header = false, parallel = false, delim = ',', quote = '"', escape = '"', comment = '', new_line = '\\n',
      nullstr = '\\N', allow_quoted_nulls = false, max_line_size = ${longestBytes + 1}, buffer_size = ${Math.max(bufferBytesMin, longestBytes + 1)})`,
  );
}

/**
 * Hands the SELECT of the file's rows, with their columns' types, to `make`, and then says how many of their values have no
 * counterpart and became null, by column. Errors: `source_value_unfit`, with the column; `query_failed` when they are not all
 * there.
 */
export async function makeRows(
  session: DuckdbSession,
  lines: LinesFile,
  /** Stores the rows; returns the relation that they are in then. */
  make: (select: string) => Promise<string>,
): Promise<Readonly<Record<string, number>>> {
  await openLines(session, lines);
  const list = lines.columns.map(
    ({ load, type, source }, index) => `cast(${load(textOf(index))} as ${type}) as ${quoteName(source.name)}`,
  );
  let made: string;
  try {
    made = await make(`select ${list.join(', ')} from octavo_lines`);
  } catch (cause) {
    if (!hasCode(cause, 'query_failed') && !hasCode(cause, 'query_invalid')) throw cause;
    throw await unfitValue(session, lines, cause);
  }
  await checkCount(session, lines, made);
  return countUnfit(session, lines.columns, made);
}

function textOf(index: number): string {
  return `octavo_${index}`;
}

async function checkCount(
  session: DuckdbSession,
  { rowCount, about }: LinesFile,
  made: string,
): Promise<void> {
  const { rows } = await session.query(`select count(*) as n from ${made}`);
  const found = Number(rows[0]?.['n']);
  if (found !== rowCount)
    throw new OctavoError('query_failed', `${about}: ${rowCount} rows were read, ${found} were stored`);
}

async function countUnfit(
  session: DuckdbSession,
  columns: readonly LoadedColumn[],
  made: string,
): Promise<Readonly<Record<string, number>>> {
  const limited = columns.flatMap(({ unfit, source }, index) =>
    unfit === undefined ? [] : [{ name: source.name, condition: unfit(textOf(index)) }],
  );
  if (limited.length === 0) return {};
  // Without any null nothing has become null.
  const nulls = limited.map(({ name }) => `count(*) - count(${quoteName(name)})`).join(' + ');
  const { rows: all } = await session.query(`select ${nulls} as n from ${made}`);
  if (Number(all[0]?.['n']) === 0) return {};
  const counts = limited.map(({ condition }, index) => `count(*) filter (${condition}) as c${index}`);
  const { rows } = await session.query(`select ${counts.join(', ')} from octavo_lines`);
  return Object.fromEntries(
    limited
      .map(({ name }, index) => [name, Number(rows[0]?.[`c${index}`] ?? 0)] as const)
      .filter(([, count]) => count > 0),
  );
}

/** Which column it was: the engine names the value alone. */
async function unfitValue(
  session: DuckdbSession,
  { columns, about }: LinesFile,
  cause: OctavoError,
): Promise<OctavoError> {
  for (const [index, { load, type, source }] of columns.entries()) {
    try {
      await session.query(`select count(cast(${load(textOf(index))} as ${type})) as n from octavo_lines`);
    } catch (error) {
      const said = (error instanceof Error ? error.message : String(error)).split('\n')[0];
      return new OctavoError(
        'source_value_unfit',
        `${about}: column '${source.name}' (${source.declared} in the source, ${type} here): ${said}`,
        { cause, details: { column: source.name } },
      );
    }
  }
  return cause;
}
