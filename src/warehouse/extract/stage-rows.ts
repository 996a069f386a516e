import { join } from 'node:path';
import { hasCode, OctavoError, uuidv7, type AppendFile } from '../../base/index.ts';
import { quoteName, quoteText } from '../duckdb/types.ts';
import type { DuckdbSession } from '../duckdb/session.ts';
import type { Warehouse } from '../warehouse-port.ts';
import type { LoadedColumn } from './loaded-column.ts';
import type { RowLines } from './row-lines.ts';

/** Rows on their way into the warehouse: a file of their lines. */
export interface RowStage {
  readonly rowCount: number;
  add(lines: RowLines | undefined): Promise<void>;
  /** Makes the temporary table `incoming` of the rows. Returns how many values have no counterpart, by column. Errors: `source_value_unfit`. */
  load(
    session: DuckdbSession,
    columns: readonly LoadedColumn[],
    about: string,
  ): Promise<Readonly<Record<string, number>>>;
  remove(): Promise<void>;
}

/** What the engine reads at once; a longer row makes it read more. */
const bufferBytesMin = 8 * 1024 * 1024;
const lineBytesMax = 1024 * 1024 * 1024;

/** Opens an empty stage in the engine's scratch folder. */
export async function openRowStage(warehouse: Warehouse): Promise<RowStage> {
  const { storage, clock, random } = warehouse.context;
  const path = join(
    warehouse.engine.scratch,
    `${uuidv7({ nowMs: clock.now(), next: () => random.next() })}.csv`,
  );
  let file: AppendFile | undefined = await storage.append(path);
  let longest = 0;
  const stage = {
    rowCount: 0,
    add: async (lines: RowLines | undefined): Promise<void> => {
      if (lines === undefined) return;
      await file?.append(lines.bytes);
      if (lines.longestBytes > longest) longest = lines.longestBytes;
      stage.rowCount += lines.rowCount;
    },
    load: async (session: DuckdbSession, columns: readonly LoadedColumn[], about: string) => {
      await file?.close();
      file = undefined;
      if (longest > lineBytesMax)
        throw new OctavoError(
          'source_value_unfit',
          `${about}: a row has ${longest} bytes, which is too many`,
        );
      const names = columns.map((_, index) => `${textOf(index)}: 'VARCHAR'`).join(', ');
      // One after the other: a value may hold what looks like the beginning of a line.
      await session.run(
        `create or replace temp view octavo_lines as select * from read_csv(${quoteText(path)}, columns = {${names}},
          auto_detect = false, header = false, parallel = false, delim = ',', quote = '"', escape = '"', comment = '', new_line = '\\n',
          nullstr = '\\N', allow_quoted_nulls = false, max_line_size = ${longest + 1}, buffer_size = ${Math.max(bufferBytesMin, longest + 1)})`,
      );
      return makeIncoming(session, columns, about);
    },
    remove: async () => {
      await file?.close().catch(() => undefined);
      await storage.remove(path).catch(() => undefined);
    },
  };
  return stage;
}

function textOf(index: number): string {
  return `octavo_${index}`;
}

async function makeIncoming(
  session: DuckdbSession,
  columns: readonly LoadedColumn[],
  about: string,
): Promise<Readonly<Record<string, number>>> {
  const list = columns.map(
    ({ load, type, source }, index) => `cast(${load(textOf(index))} as ${type}) as ${quoteName(source.name)}`,
  );
  try {
    await session.run(`create or replace temp table incoming as select ${list.join(', ')} from octavo_lines`);
  } catch (cause) {
    if (!hasCode(cause, 'query_failed') && !hasCode(cause, 'query_invalid')) throw cause;
    throw await unfitValue(session, columns, about, cause);
  }
  const limited = columns.flatMap(({ unfit, source }, index) =>
    unfit === undefined ? [] : [{ name: source.name, condition: unfit(textOf(index)) }],
  );
  if (limited.length === 0) return {};
  // Without any null nothing has become null.
  const nulls = limited.map(({ name }) => `count(*) - count(${quoteName(name)})`).join(' + ');
  const { rows: all } = await session.query(`select ${nulls} as n from incoming`);
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
  columns: readonly LoadedColumn[],
  about: string,
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
