import { OctavoError } from '../base/index.ts';
import {
  findReferences,
  personalProperty,
  tableName,
  type DuckdbEngine,
  type SqlValue,
  type Warehouse,
} from '../warehouse/index.ts';
import { runGated, type GateResult } from './gate.ts';
import { nameParameters, typeParameters, type StatementParameter } from './statement-parameters.ts';

/** One statement that somebody wants to be answered. */
export interface QueryRequest {
  /** Chosen by whoever asks, so that he can stop it. */
  readonly id: string;
  /** Who asks; each has his own share. */
  readonly owner: string;
  readonly sql: string;
  /** Values for its `:name` parameters. */
  readonly parameters?: Readonly<Record<string, SqlValue>>;
  readonly rowsMax: number;
  readonly bytesMax: number;
  readonly personal: boolean;
}

/** A table as one names it in SQL. */
export interface QueryTable {
  readonly table: string;
  readonly rows: number;
  readonly columns: readonly {
    readonly column: string;
    readonly type: string;
    readonly documentation: string;
    readonly personal: boolean;
  }[];
}

/** Its rows, and what they are. */
export interface QueryAnswer extends GateResult {
  readonly seconds: number;
}

/** The statements that people and programs ask, under one roof: bounded in number, time and size. */
export interface Queries {
  readonly timeoutMs: number;
  /** Errors: those of `runGated`, `query_limited`, `query_busy`. */
  run(request: QueryRequest, signal: AbortSignal): Promise<QueryAnswer>;
  /** The parameters that a statement names, with their types. Errors: `query_invalid`, `query_refused`. */
  parameters(sql: string): Promise<readonly StatementParameter[]>;
  /** Stops a query of the owner; false when none of that id runs. */
  cancel(owner: string, id: string): boolean;
  /** How many run or wait. */
  running(): number;
  /** What can be asked, by name. */
  tables(): Promise<readonly QueryTable[]>;
  close(): Promise<void>;
}

export interface QueriesOptions {
  readonly warehouse: Warehouse;
  /** Their own engine, so that nobody's question takes the batch's place. It is closed with them. */
  readonly engine: DuckdbEngine;
  /** Default one minute. */
  readonly timeoutMs?: number;
  /** Queries of one owner at a time. Default 3. */
  readonly ofOneMax?: number;
  /** Queries of all at a time, those that wait counted. Default 12. */
  readonly openMax?: number;
}

const minuteMs = 60_000;

/** Opens them. */
export function openQueries(options: QueriesOptions): Queries {
  const { warehouse, engine, timeoutMs = minuteMs, ofOneMax = 3, openMax = 12 } = options;
  const open = new Map<string, AbortController>();
  const keyOf = (owner: string, id: string): string => `${owner} ${id}`;
  return {
    timeoutMs,
    run: async (request, signal) => {
      const key = keyOf(request.owner, request.id);
      const own = [...open.keys()].filter((other) => other.startsWith(`${request.owner} `)).length;
      if (open.has(key)) throw new OctavoError('argument_invalid', `query '${request.id}' runs already`);
      if (own >= ofOneMax)
        throw new OctavoError('query_limited', `${own} of yours run`, { details: retryAfter });
      if (open.size >= openMax)
        throw new OctavoError('query_busy', `${open.size} run`, { details: retryAfter });
      const stop = new AbortController();
      open.set(key, stop);
      const began = performance.now();
      try {
        const result = await runGated(warehouse, request.sql, {
          engine,
          timeoutMs,
          rowsMax: request.rowsMax,
          bytesMax: request.bytesMax,
          personal: request.personal,
          ...(request.parameters === undefined ? {} : { parameters: request.parameters }),
          signal: AbortSignal.any([signal, stop.signal]),
        });
        const seconds = (performance.now() - began) / 1000;
        return { ...result, seconds };
      } finally {
        open.delete(key);
      }
    },
    parameters: async (sql) => {
      const text = nameParameters(sql).replace(/;\s*$/, '');
      if (!text.includes('$')) return [];
      const found = await engine.session((session) => findReferences(session, text), { timeoutMs });
      const names = [...found.tables.keys(), ...found.unqualified];
      const read = (await warehouse.tables()).filter(
        ({ id }) => names.includes(tableName(id)) || names.includes(id.name),
      );
      const columns = read.map(describe).flatMap((table) => table.columns);
      return typeParameters(
        found.parameters,
        (name) => columns.find(({ column }) => column === name.toLowerCase())?.type,
      );
    },
    cancel: (owner, id) => {
      const stop = open.get(keyOf(owner, id));
      stop?.abort(new OctavoError('cancelled', 'whoever asked has stopped it'));
      return stop !== undefined;
    },
    running: () => open.size,
    tables: async () => (await warehouse.tables()).map(describe).toSorted(byName),
    close: async () => {
      for (const stop of open.values()) stop.abort(new OctavoError('cancelled', 'the service stops'));
      await engine.close();
    },
  };
}

const retryAfter = { retry_after_seconds: 2 } as const;

type Loaded = Awaited<ReturnType<Warehouse['tables']>>[number];

function describe({ id, metadata }: Loaded): QueryTable {
  const schema = metadata.schemas.find((one) => one['schema-id'] === metadata['current-schema-id']);
  const current = metadata.snapshots.find((one) => one['snapshot-id'] === metadata['current-snapshot-id']);
  const personal = new Set((metadata.properties[personalProperty] ?? '').split(','));
  return {
    table: tableName(id),
    rows: Number(current?.summary['total-records'] ?? 0),
    columns: (schema?.fields ?? []).map((field) => ({
      column: field.name,
      type: typeof field.type === 'string' ? field.type : field.type.type,
      documentation: field.doc ?? '',
      personal: personal.has(field.name),
    })),
  };
}

function byName(one: QueryTable, other: QueryTable): number {
  return one.table < other.table ? -1 : 1;
}
