import { hasCode, OctavoError, suggestion } from '../base/index.ts';
import {
  findReferences,
  parseTableName,
  personalProperty,
  quoteName,
  tableName,
  type DuckdbEngine,
  type DuckdbSession,
  type LoadedTable,
  type Pins,
  type QueryResult,
  type SqlReferences,
  type SqlValue,
  type Warehouse,
} from '../warehouse/index.ts';
import { behind, placeOfError } from './error-place.ts';
import { personalColumnsOf } from './personal-columns.ts';
import { nameParameters } from './statement-parameters.ts';

export interface GateOptions {
  /** Values for `:name` or `$name` parameters, all that the statement names; bound, never spliced into the text. */
  readonly parameters?: Readonly<Record<string, SqlValue>>;
  /** Rows kept of the result. Default 10,000. */
  readonly rowsMax?: number;
  /** Bytes of texts and values kept of the result. Default: without limit. */
  readonly bytesMax?: number;
  /** Whether columns with personal data are shown; otherwise they are null. Default false. */
  readonly personal?: boolean;
  /** Instead of the warehouse's own engine. */
  readonly engine?: DuckdbEngine;
  readonly pins?: Pins;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

export interface GateResult extends QueryResult {
  readonly pins: Pins;
  /** Columns with personal data that the statement asks for and that are null in it. */
  readonly personalHidden: readonly string[];
}

/** Functions in FROM that read nothing but their arguments. */
const tableFunctionsAllowed = new Set(['unnest', 'range', 'generate_series']);
/** Functions that tell of the machine or the engine. */
const functionsRefused = new Set([
  'getenv',
  'current_setting',
  'getvariable',
  'pragma_version',
  'query',
  'query_table',
]);
/** The engine's own schemas, which know its settings and files. */
const schemasRefused = new Set(['information_schema', 'pg_catalog', 'system', 'temp']);
const rowsMaxDefault = 10_000;
/** Namespaces in which a name without one is looked for, in this order. */
const searchPath = ['model', 'statistic', 'raw'];

/**
 * Runs one read-only statement over the tables: SELECT, EXPLAIN, SHOW TABLES or DESCRIBE. What it is
 * and what it reads is decided by the engine's own parser. A table may be named without its
 * namespace. Errors: `query_refused`, `query_invalid` with `line` and `column` in its details, `table_not_found`,
 * `data_damaged`, `query_timeout`, `cancelled`.
 */
export async function runGated(
  warehouse: Warehouse,
  sql: string,
  options: GateOptions = {},
): Promise<GateResult> {
  const whole = nameParameters(sql);
  const text = whole.trim().replace(/;\s*$/, '');
  if (text === '') throw new OctavoError('query_invalid', 'there is no statement');
  if (/^show\s+(all\s+)?tables$/i.test(text)) return showTables(warehouse);
  const described = /^desc(?:ribe)?\s+([\w.]+)$/i.exec(text)?.[1];
  if (described !== undefined) return describeTable(warehouse, described);
  const prefix = /^(explain\s+(analyze\s+)?|summarize\s+)/i.exec(text)?.[0] ?? '';
  const rest = text.slice(prefix.length);
  const select = /^summarize/i.test(prefix) && /^[\w.]+$/.test(rest) ? `select * from ${rest}` : rest;
  const { timeoutMs, signal } = options;
  const { engine = warehouse.engine } = options;
  const [before] = whole.split(text, 1);
  return engine.session(
    async (session) => {
      const pins = await pointing(rest, `${before}${prefix}`, () =>
        prepareGated(warehouse, session, select, { ...options, verifyBytesMax }),
      );
      try {
        const asked = prefix + select;
        const result = await pointing(asked, before ?? '', () =>
          session.query(asked, {
            rowsMax: options.rowsMax ?? rowsMaxDefault,
            ...(options.bytesMax === undefined ? {} : { bytesMax: options.bytesMax }),
            ...(options.parameters === undefined ? {} : { parameters: options.parameters }),
          }),
        );
        const read = { tables: Object.keys(pins), columns: result.columns.map(({ name }) => name) };
        const personalHidden =
          options.personal === true ? [] : await personalColumnsOf(warehouse, select, read);
        return { ...result, pins, personalHidden };
      } catch (error) {
        // Of a large table files are compared with their checksums only when they cannot be read.
        if (saysFileIsDamaged(error))
          await prepareGated(warehouse, session, select, { ...options, verifyBytesMax: Infinity });
        throw error;
      }
    },
    { ...(timeoutMs === undefined ? {} : { timeoutMs }), ...(signal === undefined ? {} : { signal }) },
  );
}

/** Says of SQL that is not valid where, in what the reader wrote: `before` stood in front of the text. */
async function pointing<T>(text: string, before: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!hasCode(error, 'query_invalid')) throw error;
    const place = placeOfError(error.message, text);
    if (place === undefined) throw error;
    const details = { ...error.details, ...behind(place, before) };
    throw new OctavoError('query_invalid', error.about, { cause: error, details });
  }
}

/** About half a second of reading; a file is compared once in a process. */
const verifyBytesMax = 2 ** 30;

function saysFileIsDamaged(error: unknown): boolean {
  const refused = hasCode(error, 'query_failed') || hasCode(error, 'query_invalid');
  return (
    refused &&
    /parquet|zstd|corrupt|buffer|protocol|open file|read file|no files|string encoding/i.test(error.message)
  );
}

async function prepareGated(
  warehouse: Warehouse,
  session: DuckdbSession,
  sql: string,
  options: GateOptions & { readonly verifyBytesMax: number },
): Promise<Pins> {
  const references = await findReferences(session, sql, options.parameters);
  if (references.statementCount !== 1)
    throw new OctavoError('query_refused', `${references.statementCount} statements, one can run`);
  const refused = references.tableFunctions.find((name) => !tableFunctionsAllowed.has(name.toLowerCase()));
  if (refused !== undefined)
    throw new OctavoError('query_refused', `'${refused}' reads from outside the tables`);
  const called = references.functions.find((name) => functionsRefused.has(name.toLowerCase()));
  if (called !== undefined)
    throw new OctavoError('query_refused', `'${called}' tells of the machine, not of the tables`);
  assertGiven(references, options.parameters ?? {});
  const names = [...references.tables.keys()];
  const inner = names.find((name) => schemasRefused.has(parseTableName(name).namespace.toLowerCase()));
  if (inner !== undefined)
    throw new OctavoError('query_refused', `'${inner}' is the engine's own; see SHOW TABLES`);
  const shorts = await Promise.all(
    references.unqualified.map(async (short) => ({ short, full: await resolveShort(warehouse, short) })),
  );
  // A short name is a view over the full one, so each must be prepared under its full name.
  const full = [...new Set([...names, ...shorts.map((one) => one.full)])];
  const pins: Record<string, bigint> = {};
  for (const name of full) {
    const whole = shorts.some((one) => one.full === name);
    const seen = whole || references.unqualified.length > 0 ? `select * from ${quoteFull(name)}` : sql;
    Object.assign(
      pins,
      await warehouse.prepare(session, seen, {
        verifyBytesMax: options.verifyBytesMax,
        ...(options.pins === undefined ? {} : { pins: options.pins }),
        ...(options.parameters === undefined || seen !== sql ? {} : { parameters: options.parameters }),
      }),
    );
    if (seen === sql) break;
  }
  if (options.personal !== true) for (const name of full) await hidePersonal(warehouse, session, name);
  for (const { short, full: target } of shorts) {
    await session.run(
      `create or replace temp view ${quoteName(short)} as select * from ${quoteFull(target)}`,
    );
  }
  return pins;
}

/** Every parameter has a value, and every value a parameter. */
function assertGiven({ parameters }: SqlReferences, given: Readonly<Record<string, SqlValue>>): void {
  const named = parameters.map(({ name }) => name);
  const missing = named.find((name) => !Object.hasOwn(given, name));
  if (missing !== undefined) throw new OctavoError('argument_invalid', `parameter :${missing} has no value`);
  const unknown = Object.keys(given).find((name) => !named.includes(name));
  if (unknown === undefined) return;
  const near = suggestion(unknown, named);
  throw new OctavoError('argument_invalid', `the statement names no parameter :${unknown}${near}`);
}

async function resolveShort(warehouse: Warehouse, short: string): Promise<string> {
  for (const namespace of /^\w+$/.test(short) ? searchPath : []) {
    if ((await warehouse.table(`${namespace}.${short}`)) !== undefined) return `${namespace}.${short}`;
  }
  const known = (await warehouse.tables()).map((table) => tableName(table.id));
  const near = suggestion(short, [...known, ...known.map((name) => name.split('.')[1] ?? name)]);
  throw new OctavoError('table_not_found', `'${short}'${near}`);
}

async function hidePersonal(warehouse: Warehouse, session: DuckdbSession, name: string): Promise<void> {
  const table = await warehouse.table(name);
  const personal = (table?.metadata.properties[personalProperty] ?? '')
    .split(',')
    .filter((column) => column !== '');
  if (personal.length === 0) return;
  const hidden = personal.map((column) => `null as ${quoteName(column)}`).join(', ');
  const inner = `${name.replace('.', '_')}_with_personal_data`;
  const { rows } = await session.query(
    `select sql from duckdb_views() where schema_name || '.' || view_name = '${name}' and not internal`,
  );
  const definition = String(rows[0]?.['sql'] ?? '').replace(
    /^create (or replace )?(temp )?view [\s\S]*? as /i,
    '',
  );
  await session.run(`create or replace temp view ${quoteName(inner)} as ${definition}`);
  await session.run(
    `create or replace view ${quoteFull(name)} as select * replace (${hidden}) from ${quoteName(inner)}`,
  );
}

function quoteFull(name: string): string {
  const { namespace, name: table } = parseTableName(name);
  return `${quoteName(namespace)}.${quoteName(table)}`;
}

async function showTables(warehouse: Warehouse): Promise<GateResult> {
  const tables = await warehouse.tables();
  return listing(
    ['table', 'rows'],
    tables.map((table) => ({ table: tableName(table.id), rows: rowsOf(table) })),
  );
}

async function describeTable(warehouse: Warehouse, name: string): Promise<GateResult> {
  const full = name.includes('.') ? name : await resolveShort(warehouse, name);
  const table = await warehouse.table(full);
  if (table === undefined) {
    const known = (await warehouse.tables()).map((one) => tableName(one.id));
    throw new OctavoError('table_not_found', `'${name}'${suggestion(name, known)}`);
  }
  const schema = table.metadata.schemas.find(
    (one) => one['schema-id'] === table.metadata['current-schema-id'],
  );
  const rows = (schema?.fields ?? []).map((field) => ({
    column: field.name,
    type: typeof field.type === 'string' ? field.type : JSON.stringify(field.type),
    documentation: field.doc ?? '',
  }));
  return listing(['column', 'type', 'documentation'], rows);
}

function listing(names: readonly string[], rows: GateResult['rows']): GateResult {
  return {
    columns: names.map((name) => ({ name, type: 'VARCHAR' })),
    rows,
    truncated: false,
    pins: {},
    personalHidden: [],
  };
}

function rowsOf(table: LoadedTable): number {
  const current = table.metadata.snapshots.find(
    (one) => one['snapshot-id'] === table.metadata['current-snapshot-id'],
  );
  return Number(current?.summary['total-records'] ?? 0);
}
