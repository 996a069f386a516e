import { OctavoError } from '../base/index.ts';
import type { DuckdbSession } from './duckdb/session.ts';
import { quoteText } from './duckdb/types.ts';
import type { SqlValue } from './engine-port.ts';
import { parametersIn, type ParameterUse } from './sql-parameters.ts';

/** Days that a query can see of a table; both ends included, undefined when open. */
export interface DayRange {
  readonly from?: string;
  readonly to?: string;
}

/** What a SELECT reads. */
export interface SqlReferences {
  /** Tables by `namespace.name`, with the days that the query's own conditions leave. */
  readonly tables: ReadonlyMap<string, DayRange>;
  /** Names without a namespace that are no common table expression. */
  readonly unqualified: readonly string[];
  /** Functions in FROM. */
  readonly tableFunctions: readonly string[];
  /** Other functions that are called. */
  readonly functions: readonly string[];
  /** Syntax that only some engines know: `QUALIFY`, `PIVOT`, … */
  readonly constructs: readonly string[];
  /** Parameters that it names, and what it says of them. */
  readonly parameters: readonly ParameterUse[];
  /** Number of statements in the text. */
  readonly statementCount: number;
}

/** Parses the SQL with DuckDB's own parser and says what it reads. Errors: `query_invalid`, `query_refused`. */
export async function findReferences(
  session: DuckdbSession,
  sql: string,
  parameters: Readonly<Record<string, SqlValue>> = {},
): Promise<SqlReferences> {
  const { rows } = await session.query(`select json_serialize_sql(${quoteText(sql)}) tree`, { small: true });
  const tree = JSON.parse(String(rows[0]?.tree)) as Tree;
  if (tree.error) throw parseError(sql, tree);
  return referencesIn(tree, parameters);
}

/** What a parsed statement reads; see `findReferences`. */
export function referencesIn(tree: Tree, parameters: Readonly<Record<string, SqlValue>>): SqlReferences {
  const tables = new Map<string, DayRange>();
  const [names, ctes] = [new Set<string>(), new Set<string>()];
  const [tableFunctions, functions, constructs] = [new Set<string>(), new Set<string>(), new Set<string>()];
  const visit = (node: unknown, ranges: ReadonlyMap<Node, DayRange>): void => {
    if (Array.isArray(node)) {
      for (const item of node) visit(item, ranges);
      return;
    }
    if (node === null || typeof node !== 'object') return;
    const object = node as Node;
    let inner = ranges;
    if (object.type === 'SELECT_NODE') {
      inner = dayRanges(object, parameters);
      if (object.qualify !== null && object.qualify !== undefined) constructs.add('QUALIFY');
      if (object.sample !== null && object.sample !== undefined) constructs.add('TABLESAMPLE');
      if (object.aggregate_handling === 'FORCE_AGGREGATES') constructs.add('GROUP BY ALL');
    }
    if (object.type === 'PIVOT') constructs.add('PIVOT');
    if (object.type === 'JOIN' && object.ref_type === 'ASOF') constructs.add('ASOF JOIN');
    if (object.type === 'JOIN' && object.ref_type === 'POSITIONAL') constructs.add('POSITIONAL JOIN');
    if (object.setop_type === 'UNION_BY_NAME') constructs.add('UNION BY NAME');
    if (object.type === 'LAMBDA') constructs.add('lambda');
    if (object.class === 'STAR' && hasEntries(object.replace_list)) constructs.add('* REPLACE');
    if (object.class === 'STAR' && hasEntries(object.exclude_list)) constructs.add('* EXCLUDE');
    if (object.type === 'BASE_TABLE') {
      const schema = String(object.schema_name ?? '');
      if (schema === '') names.add(String(object.table_name));
      else widen(tables, `${schema}.${String(object.table_name)}`, ranges.get(object) ?? {});
    }
    if (object.type === 'TABLE_FUNCTION') {
      const called = object.function as Node | undefined;
      tableFunctions.add(String(called?.function_name).toLowerCase());
    } else if (object.class === 'FUNCTION' || object.class === 'WINDOW') {
      functions.add(String(object.function_name).toLowerCase());
    }
    const map = (object.cte_map as { map?: readonly { key: string }[] } | undefined)?.map ?? [];
    for (const entry of map) ctes.add(entry.key);
    for (const value of Object.values(object)) visit(value, inner);
  };
  visit(tree.statements, new Map());
  return {
    tables,
    unqualified: [...names].filter((name) => !ctes.has(name)),
    tableFunctions: [...tableFunctions],
    functions: [...functions],
    constructs: [...constructs],
    parameters: parametersIn(tree.statements),
    statementCount: tree.statements?.length ?? 0,
  };
}

type Node = Readonly<Record<string, unknown>>;

/** The answer of `json_serialize_sql`. */
export interface Tree {
  readonly error: boolean;
  readonly error_type?: string;
  readonly error_message?: string;
  readonly position?: string;
  readonly statements?: readonly unknown[];
}

function parseError(sql: string, tree: Tree): OctavoError {
  if (tree.error_type === 'not implemented') {
    return new OctavoError(
      'query_refused',
      'only one SELECT (or WITH, VALUES, DESCRIBE, SUMMARIZE) can run here',
    );
  }
  const position = Number(tree.position ?? -1);
  const before = position >= 0 ? sql.slice(0, position) : '';
  const line = before.split('\n').length;
  const place = position >= 0 ? ` (line ${line}, column ${position - before.lastIndexOf('\n')})` : '';
  return new OctavoError('query_invalid', `${tree.error_message ?? 'it cannot be parsed'}${place}`, {
    details: position >= 0 ? { line } : {},
  });
}

function hasEntries(list: unknown): boolean {
  return Array.isArray(list) && list.length > 0;
}

/** Two references to one table share its view, so it must hold the days of both. */
function widen(tables: Map<string, DayRange>, name: string, range: DayRange): void {
  const known = tables.get(name);
  if (known === undefined) {
    tables.set(name, range);
    return;
  }
  const from =
    known.from !== undefined && range.from !== undefined ? least(known.from, range.from) : undefined;
  const to = known.to !== undefined && range.to !== undefined ? greatest(known.to, range.to) : undefined;
  tables.set(name, { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) });
}

const least = (left: string, right: string): string => (left < right ? left : right);
const greatest = (left: string, right: string): string => (left > right ? left : right);

/** Tables in this SELECT's own FROM with what its WHERE says of their `business_day`. */
function dayRanges(
  select: Node,
  parameters: Readonly<Record<string, SqlValue>>,
): ReadonlyMap<Node, DayRange> {
  const tables: Node[] = [];
  let others = 0;
  const collect = (from: unknown): void => {
    const node = from as Node | null | undefined;
    if (node?.type === 'BASE_TABLE') tables.push(node);
    else if (node?.type === 'JOIN') {
      collect(node.left);
      collect(node.right);
    } else if (node?.type !== 'EMPTY') others += 1;
  };
  collect(select.from_table);
  const conditions = conjunction(select.where_clause);
  return new Map(
    tables.map((table) => {
      const alias = String(table.alias === '' ? table.table_name : table.alias);
      const alone = tables.length === 1 && others === 0;
      return [table, rangeOf(conditions, alias, alone, parameters)] as const;
    }),
  );
}

function conjunction(clause: unknown): readonly Node[] {
  const node = clause as Node | null | undefined;
  if (node === null || node === undefined) return [];
  return node.type === 'CONJUNCTION_AND'
    ? (node.children as readonly unknown[]).flatMap(conjunction)
    : [node];
}

function rangeOf(
  conditions: readonly Node[],
  alias: string,
  alone: boolean,
  parameters: Readonly<Record<string, SqlValue>>,
): DayRange {
  let from: string | undefined;
  let to: string | undefined;
  const atLeast = (day: string | undefined): void => {
    if (day !== undefined) from = from === undefined ? day : greatest(from, day);
  };
  const atMost = (day: string | undefined): void => {
    if (day !== undefined) to = to === undefined ? day : least(to, day);
  };
  const isDay = (node: unknown): boolean => {
    const names = (node as Node | undefined)?.column_names as readonly string[] | undefined;
    if (names?.at(-1)?.toLowerCase() !== 'business_day') return false;
    return names.length === 1 ? alone : names.at(-2)?.toLowerCase() === alias.toLowerCase();
  };
  for (const condition of conditions) {
    if (condition.class === 'BETWEEN' && condition.type === 'COMPARE_BETWEEN' && isDay(condition.input)) {
      atLeast(dayOf(condition.lower, parameters));
      atMost(dayOf(condition.upper, parameters));
    } else if (condition.type === 'COMPARE_IN') {
      const [column, ...values] = condition.children as readonly unknown[];
      const days = values.map((value) => dayOf(value, parameters));
      if (isDay(column) && days.length > 0 && days.every((day) => day !== undefined)) {
        atLeast(days.reduce(least));
        atMost(days.reduce(greatest));
      }
    } else if (condition.class === 'COMPARISON') {
      const flipped = isDay(condition.right);
      if (!flipped && !isDay(condition.left)) continue;
      const day = dayOf(flipped ? condition.left : condition.right, parameters);
      const type = String(condition.type).replace('COMPARE_', '');
      if (type === 'EQUAL') [atLeast, atMost].forEach((bound) => bound(day));
      else if (type.startsWith('GREATERTHAN')) (flipped ? atMost : atLeast)(day);
      else if (type.startsWith('LESSTHAN')) (flipped ? atLeast : atMost)(day);
    }
  }
  return { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
}

function dayOf(value: unknown, parameters: Readonly<Record<string, SqlValue>>): string | undefined {
  const node = value as Node | undefined;
  if (node?.class === 'CAST') {
    const type = (node.cast_type as Node | undefined)?.id;
    return type === 'DATE' ? dayOf(node.child, parameters) : undefined;
  }
  const text =
    node?.class === 'PARAMETER'
      ? parameters[String(node.identifier)]
      : (node?.value as Node | undefined)?.value;
  return typeof text === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(text) ? text : undefined;
}
