import { availableParallelism } from 'node:os';
import { OctavoError } from '../../base/index.ts';
import type { Engine, QueryOptions } from '../engine-port.ts';
import { DuckdbProcess, type RequestLimits } from './process.ts';
import type { DuckdbSetup } from './protocol.ts';
import { openSession, type DuckdbSession } from './session.ts';

/** How many DuckDB processes there may be and how large each may grow. */
export interface DuckdbEngineOptions {
  /** Memory of each process, e.g. `2GB`. Default `1GB`. */
  readonly memory?: string;
  /** Threads of each process. Default: the cores, shared among the processes; small work gets slower by more. */
  readonly threads?: number;
  /** Folder for what does not fit into memory. */
  readonly scratch: string;
  /** Folders whose files SQL may touch, besides `scratch`. */
  readonly directories: readonly string[];
  /** Processes at most; each runs one session at a time. Default 2. */
  readonly processesMax?: number;
  /** Sessions that may wait for a process; more are refused with `engine_busy`. Default 1,000. */
  readonly waitingMax?: number;
}

/** The DuckDB engine: the port, and whole sessions for the warehouse's own work. */
export interface DuckdbEngine extends Engine {
  readonly scratch: string;
  /** Runs the function with a connection of its own; everything made on it is gone afterwards. */
  session<T>(use: (session: DuckdbSession) => Promise<T>, options?: SessionOptions): Promise<T>;
  /** Ids of the processes that run now. */
  processIds(): readonly number[];
}

/** Limits of a whole session. */
export interface SessionOptions {
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

const timeoutMsDefault = 600_000;
const endTimeoutMs = 10_000;

/**
 * DuckDB in child processes. A process starts when it is needed, is used again, and is replaced when
 * it dies: the query in it fails with `engine_died`, which may be tried again, and nothing else is lost.
 */
export function createDuckdbEngine(options: DuckdbEngineOptions): DuckdbEngine {
  const pool = new ProcessPool(options);
  const session = async <T>(
    use: (session: DuckdbSession) => Promise<T>,
    limits: SessionOptions = {},
  ): Promise<T> => {
    const process = await pool.take(limits.signal);
    const deadlineMs = performance.now() + (limits.timeoutMs ?? timeoutMsDefault);
    const remaining = (): RequestLimits => ({
      timeoutMs: Math.max(1, Math.ceil(deadlineMs - performance.now())),
      ...(limits.signal === undefined ? {} : { signal: limits.signal }),
    });
    try {
      return await use(openSession(process, remaining));
    } finally {
      // What the session made is dropped while the caller goes on.
      void pool.give(process);
    }
  };
  return {
    dialect: 'duckdb',
    scratch: options.scratch,
    session,
    query: (sql, query = {}) =>
      session(async (open) => {
        for (const statement of query.setup ?? []) await open.run(statement);
        return open.query(sql, query);
      }, limitsOf(query)),
    queryColumns: (sql, query = {}) =>
      session(async (open) => {
        for (const statement of query.setup ?? []) await open.run(statement);
        return open.queryColumns(sql, query);
      }, limitsOf(query)),
    processIds: () => pool.ids(),
    close: () => pool.close(),
  };
}

function limitsOf(options: QueryOptions): SessionOptions {
  return {
    ...(options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  };
}

/** Lends processes, one borrower each, first come first served. */
class ProcessPool {
  readonly #setup: DuckdbSetup;
  readonly #processesMax: number;
  readonly #waitingMax: number;
  readonly #all = new Set<DuckdbProcess>();
  #idle: DuckdbProcess[] = [];
  #waiting: {
    readonly give: (process: DuckdbProcess) => void;
    readonly fail: (error: OctavoError) => void;
  }[] = [];
  /** Processes whose session has ended and that are not ready for the next. */
  #returning = 0;
  #closed = false;

  constructor(options: DuckdbEngineOptions) {
    this.#processesMax = options.processesMax ?? 2;
    this.#setup = {
      memory: options.memory ?? '1GB',
      threads: options.threads ?? Math.max(1, Math.floor(availableParallelism() / this.#processesMax)),
      scratch: options.scratch,
      directories: [...new Set([...options.directories, options.scratch])],
    };
    this.#waitingMax = options.waitingMax ?? 1_000;
  }

  async take(signal?: AbortSignal): Promise<DuckdbProcess> {
    if (this.#closed) throw new OctavoError('engine_died', 'the engine was closed');
    signal?.throwIfAborted();
    const idle = this.#idle.pop();
    if (idle !== undefined) return idle.alive ? idle : this.#replace(idle);
    const returning = this.#returning > this.#waiting.length;
    if (this.#all.size < this.#processesMax && !returning) return this.#start();
    if (this.#waiting.length >= this.#waitingMax + this.#returning)
      throw new OctavoError('engine_busy', `${this.#waitingMax} queries wait`);
    const { promise, resolve, reject } = Promise.withResolvers<DuckdbProcess>();
    const waiter = { give: resolve, fail: reject };
    this.#waiting.push(waiter);
    const onAbort = (): void => {
      this.#waiting = this.#waiting.filter((other) => other !== waiter);
      reject(new OctavoError('cancelled', 'a query was stopped before it began', { cause: signal?.reason }));
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      return await promise;
    } finally {
      signal?.removeEventListener('abort', onAbort);
    }
  }

  async give(process: DuckdbProcess): Promise<void> {
    let ready = process;
    this.#returning += 1;
    if (process.alive) {
      await process.request({ kind: 'end' }, { timeoutMs: endTimeoutMs }).catch(() => process.kill());
    }
    this.#returning -= 1;
    if (this.#closed) return;
    if (!process.alive) ready = this.#replace(process);
    const next = this.#waiting.shift();
    if (next === undefined) this.#idle.push(ready);
    else next.give(ready);
  }

  ids(): readonly number[] {
    return [...this.#all].filter((process) => process.alive).map((process) => process.pid ?? 0);
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const waiter of this.#waiting) waiter.fail(new OctavoError('engine_died', 'the engine was closed'));
    this.#waiting = [];
    await Promise.all([...this.#all].map((process) => process.close()));
    this.#all.clear();
  }

  #start(): DuckdbProcess {
    const process = new DuckdbProcess(this.#setup);
    this.#all.add(process);
    return process;
  }

  #replace(dead: DuckdbProcess): DuckdbProcess {
    this.#all.delete(dead);
    return this.#start();
  }
}
