import { OctavoError } from '../../base/index.ts';
import type { Pins, QueryResult, SqlValue, Warehouse } from '../../warehouse/index.ts';
import { toColumn, type AnswerCell, type AnswerColumn } from './answer.ts';
import type { Controls } from './controls.ts';
import type { PageQuery } from './page.ts';

/** Runs one SELECT read-only over the tables, with bound parameters. The platform hands in the SQL gate. */
export type RunQuery = (
  sql: string,
  options: {
    readonly parameters: Readonly<Record<string, SqlValue>>;
    readonly rowsMax: number;
    readonly timeoutMs: number;
    readonly signal?: AbortSignal;
  },
) => Promise<QueryResult & { readonly pins: Pins }>;

/** A query's rows as pages show them. */
export interface QueryAnswer {
  readonly columns: readonly AnswerColumn[];
  readonly rows: readonly (readonly AnswerCell[])[];
  readonly truncated: boolean;
}

const rowsMax = 10_000;
const timeoutMs = 20_000;
const answersKeptMax = 200;

/** Runs the queries of pages; an answer is kept until a table that it read has another snapshot. */
export class PageQueries {
  readonly #run: RunQuery;
  readonly #warehouse: Pick<Warehouse, 'pin'>;
  readonly #kept = new Map<string, { readonly answer: QueryAnswer; readonly pins: string }>();

  constructor(run: RunQuery, warehouse: Pick<Warehouse, 'pin'>) {
    this.#run = run;
    this.#warehouse = warehouse;
  }

  /** Errors: those of the gate; `query_invalid` for a parameter that the page does not have. */
  async answer(query: PageQuery, controls: Controls, signal?: AbortSignal): Promise<QueryAnswer> {
    const parameters = parametersOf(query.sql, controls);
    const key = JSON.stringify([query.sql, parameters]);
    const known = this.#kept.get(key);
    if (known !== undefined) {
      const names = Object.keys(JSON.parse(known.pins) as object);
      if (textOf(await this.#warehouse.pin(names)) === known.pins) {
        this.#kept.delete(key);
        this.#kept.set(key, known);
        return known.answer;
      }
    }
    const result = await this.#run(query.sql, {
      parameters,
      rowsMax,
      timeoutMs,
      ...(signal === undefined ? {} : { signal }),
    });
    const answer = toQueryAnswer(result);
    this.#kept.set(key, { answer, pins: textOf(result.pins) });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > answersKeptMax && oldest !== undefined) this.#kept.delete(oldest);
    return answer;
  }
}

/** The values of the `$names` that a text uses: `$from`, `$to`, `$grain` and the page's choices. Errors: `query_invalid`. */
export function parametersOf(sql: string, controls: Controls): Readonly<Record<string, SqlValue>> {
  const known: Readonly<Record<string, string | null>> = {
    from: controls.from,
    to: controls.to,
    grain: controls.grain,
    ...controls.choices,
  };
  const used = new Set([...withoutTexts(sql).matchAll(/\$([a-z_]\w*)/gi)].map(([, name = '']) => name));
  return Object.fromEntries(
    [...used].map((name) => {
      const value = known[name];
      if (value === undefined) {
        const names = Object.keys(known).map((each) => `$${each}`);
        throw new OctavoError('query_invalid', `the page has no '$${name}', it has ${names.join(', ')}`);
      }
      return [name, value];
    }),
  );
}

/** The SQL without texts, quoted names and comments, in which a `$` means nothing. */
function withoutTexts(sql: string): string {
  return sql.replace(/'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\//g, ' ');
}

function toQueryAnswer(result: QueryResult): QueryAnswer {
  const columns = result.columns.map(({ name, type }) => toColumn({ name, type: typeOf(type) }));
  const rows = result.rows.map((row) =>
    result.columns.map(({ name, type }) => cellOf(row[name] ?? null, typeOf(type))),
  );
  return { columns, rows, truncated: result.truncated };
}

function typeOf(type: string): AnswerColumn['type'] {
  if (type === 'DATE') return 'day';
  if (type.startsWith('TIMESTAMP')) return 'instant';
  if (type === 'BOOLEAN') return 'boolean';
  if (/^(U?(TINY|SMALL|BIG|HUGE)?INT|INTEGER|UINTEGER|DECIMAL|FLOAT|DOUBLE|REAL)/.test(type)) return 'number';
  return 'member';
}

function cellOf(value: SqlValue, type: AnswerColumn['type']): AnswerCell {
  if (value === null || typeof value === 'boolean' || typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (value instanceof Date) return type === 'day' ? value.toISOString().slice(0, 10) : value.toISOString();
  if (typeof value === 'string') {
    if (type === 'number') {
      const number = Number(value);
      return Number.isNaN(number) || Math.abs(number) > Number.MAX_SAFE_INTEGER ? value : number;
    }
    return type === 'day' ? value.slice(0, 10) : value;
  }
  return JSON.stringify(value);
}

function textOf(pins: Pins): string {
  const entries = Object.entries(pins).map(([name, snapshot]) => [name, String(snapshot)] as const);
  return JSON.stringify(Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1))));
}
