import { type DatabaseSync, type StatementSync } from 'node:sqlite';
import { OctavoError, openDatabase, transaction, type Clock } from '../base/index.ts';
import {
  attemptFrom,
  cycleDayFrom,
  runFrom,
  type AttemptRow,
  type CycleDayRow,
  type RunRow,
} from './sqlite-rows.ts';
import { endAttempt, exchangeLeases } from './sqlite-leases.ts';
import {
  addRequest,
  askToStop,
  changeRequest,
  pruneRequests,
  readRequests,
  stopAskedBy,
} from './sqlite-requests.ts';
import { batchMigrations } from './sqlite-schema.ts';
import {
  type AttemptNote,
  type AttemptPage,
  type BatchState,
  type Exchange,
  type HistoryPage,
  type RequestRecord,
  type RunStart,
} from './state-port.ts';

/** Where batch state lies, and its time. */
export interface SqliteStateOptions {
  /** `batch.db` in the data folder. */
  readonly path: string;
  readonly clock: Clock;
}

/** Batch state in one SQLite file: write-ahead log, every transaction synced. Any number of processes of one machine share it. */
export function openSqliteState(options: SqliteStateOptions): BatchState {
  return new SqliteState(options);
}

class SqliteState implements BatchState {
  readonly #database: DatabaseSync;
  readonly #clock: Clock;
  readonly #statements = new Map<string, StatementSync>();

  constructor({ path, clock }: SqliteStateOptions) {
    this.#database = openDatabase({ path, migrations: batchMigrations });
    this.#clock = clock;
  }

  async openRun({
    key = null,
    goals,
    worker,
    leaseMs,
    askedBy = null,
  }: Omit<RunStart, 'key' | 'askedBy'> & { readonly key?: string | null; readonly askedBy?: string | null }) {
    return this.#write(() => {
      const nowMs = this.#clock.now();
      const known = key === null ? undefined : this.#sql('select * from runs where key = ?').get(key);
      if (known !== undefined && (known as unknown as RunRow).finished_ms === null) {
        const update =
          'update runs set worker = ?, heartbeat_ms = ?, expires_ms = ?, stop_asked_by = null where key = ? returning *';
        return runFrom(
          this.#sql(update).get(worker, nowMs, nowMs + leaseMs, key) as unknown as RunRow,
          nowMs,
        );
      }
      // A key is of the latest run that used it: the older ones stay in the history without it.
      this.#sql('update runs set key = null where key = ?').run(key);
      const values = [key, JSON.stringify(goals), worker, nowMs, nowMs, nowMs + leaseMs, askedBy];
      const insert = `insert into runs (key, goals, worker, started_ms, heartbeat_ms, expires_ms, asked_by)
        values (?, ?, ?, ?, ?, ?, ?) returning *`;
      return runFrom(this.#sql(insert).get(...values) as unknown as RunRow, nowMs);
    });
  }

  async closeRun(runId: number, outcome: string, counts: Readonly<Record<string, number>>): Promise<void> {
    this.#write(() => {
      const update =
        'update runs set finished_ms = ?, outcome = ?, counts = ? where run_id = ? and finished_ms is null';
      this.#sql(update).run(this.#clock.now(), outcome, JSON.stringify(counts), runId);
    });
  }

  async succeededIn(runId: number): Promise<ReadonlySet<string>> {
    const rows = this.#sql(`select task_id from attempts where run_id = ? and outcome = 'succeeded'`).all(
      runId,
    );
    return new Set(rows.map((row) => String(row['task_id'])));
  }

  async exchange(exchange: Exchange): ReturnType<BatchState['exchange']> {
    if (exchange.ends.length === 0 && exchange.claims.length === 0) return { refused: [], claims: [] };
    return this.#write(() => exchangeLeases((text) => this.#sql(text), exchange, this.#clock.now()));
  }

  async heartbeat(
    runId: number,
    tokens: readonly number[],
    leaseMs: number,
    notes: readonly AttemptNote[] = [],
  ): Promise<readonly number[]> {
    return this.#write(() => {
      const nowMs = this.#clock.now();
      this.#sql('update runs set heartbeat_ms = ?, expires_ms = ? where run_id = ?').run(
        nowMs,
        nowMs + leaseMs,
        runId,
      );
      const extend = this.#sql(
        'update attempts set heartbeat_ms = ?, expires_ms = ? where token = ? and finished_ms is null',
      );
      const say = this.#sql(
        'update attempts set log = ?, progress = coalesce(?, progress) where token = ? and finished_ms is null',
      );
      for (const { token, log, progress } of notes)
        say.run(JSON.stringify(log), progress === undefined ? null : JSON.stringify(progress), token);
      return tokens.filter((token) => extend.run(nowMs, nowMs + leaseMs, token).changes === 0);
    });
  }

  async holds(token: number): Promise<boolean> {
    return (
      this.#sql('select 1 from attempts where token = ? and finished_ms is null').get(token) !== undefined
    );
  }

  async markers(keys: readonly string[]): Promise<ReadonlySet<string>> {
    const known = this.#sql('select 1 from markers where key = ?');
    return new Set(keys.filter((key) => known.get(key) !== undefined));
  }

  async askToStop(runId: number, askedBy: string): Promise<boolean> {
    return this.#write(() => askToStop(this.#database, runId, askedBy));
  }

  async stopAskedBy(runId: number): Promise<string | undefined> {
    return stopAskedBy(this.#database, runId);
  }

  async addRequest(body: string): Promise<number> {
    return this.#write(() => addRequest(this.#database, body));
  }

  async changeRequest(request: RequestRecord): Promise<void> {
    this.#write(() => {
      changeRequest(this.#database, request);
      if (!request.open) pruneRequests(this.#database, requestsKept);
    });
  }

  async requests(endedMax: number): Promise<readonly RequestRecord[]> {
    return readRequests(this.#database, endedMax);
  }

  async runs(page: HistoryPage = {}) {
    const rows = this.#sql('select * from runs where run_id < ? order by run_id desc limit ?').all(
      ...pageOf(page),
    );
    const nowMs = this.#clock.now();
    return rows.map((row) => runFrom(row as unknown as RunRow, nowMs));
  }

  async attempts(page: AttemptPage = {}) {
    const filters: string[] = [];
    const values: (string | number)[] = [];
    if (page.runId !== undefined) {
      filters.push('run_id = ? and ');
      values.push(page.runId);
    }
    if (page.taskId !== undefined) {
      filters.push('task_id = ? and ');
      values.push(page.taskId);
    }
    if (page.task !== undefined) {
      // Ids of a task begin with its name and a bracket; the next letter after it ends the range.
      filters.push('(task_id = ? or (task_id >= ? and task_id < ?)) and ');
      values.push(page.task, `${page.task}(`, `${page.task})`);
    }
    const select = `select * from attempts where ${filters.join('')}token < ? order by token desc limit ?`;
    const nowMs = this.#clock.now();
    const rows = this.#sql(select).all(...values, ...pageOf(page));
    return rows.map((row) => attemptFrom(row as unknown as AttemptRow, nowMs));
  }

  async running() {
    const rows = this.#sql('select * from attempts where finished_ms is null order by token').all();
    const nowMs = this.#clock.now();
    return rows
      .map((row) => attemptFrom(row as unknown as AttemptRow, nowMs))
      .filter(({ outcome }) => outcome === undefined);
  }

  async endLeases(): Promise<number> {
    return this.#write(() => {
      const held = this.#sql('select token from attempts where finished_ms is null').all();
      const end = { outcome: 'lost', errorCode: 'lease_lost' } as const;
      for (const { token } of held)
        endAttempt((text) => this.#sql(text), { ...end, token: Number(token) }, this.#clock.now());
      return held.length;
    });
  }

  async cycleDays(cycle: string, from = '') {
    const rows = this.#sql('select * from cycle_days where cycle = ? and day >= ? order by day').all(
      cycle,
      from,
    );
    return rows.map((row) => cycleDayFrom(row as unknown as CycleDayRow));
  }

  async recordCycleDay(cycle: string, day: string, outcome: string): Promise<void> {
    this.#write(() => {
      const upsert = `insert into cycle_days (cycle, day, outcome, attempts, finished_ms) values (?, ?, ?, 1, ?)
        on conflict (cycle, day) do update set attempts = attempts + 1,
          outcome = case outcome when 'succeeded' then outcome else excluded.outcome end,
          finished_ms = excluded.finished_ms`;
      this.#sql(upsert).run(cycle, day, outcome, this.#clock.now());
    });
  }

  async prune(runsKeptMax: number): Promise<number> {
    return this.#write(() => {
      const last = this.#sql('select run_id from runs order by run_id desc limit 1 offset ?').get(
        runsKeptMax,
      );
      if (last === undefined) return 0;
      const runId = Number(last['run_id']);
      const nowMs = this.#clock.now();
      // A run as old as this that never ended was killed; only a living lease keeps it.
      const live = `select run_id from attempts where finished_ms is null and expires_ms > ?
        union select run_id from runs where finished_ms is null and expires_ms > ?`;
      const values = [runId, nowMs, nowMs];
      this.#sql(`delete from attempts where run_id <= ? and run_id not in (${live})`).run(...values);
      return Number(
        this.#sql(`delete from runs where run_id <= ? and run_id not in (${live})`).run(...values).changes,
      );
    });
  }

  async close(): Promise<void> {
    this.#database.close();
  }

  #sql(text: string): StatementSync {
    const known = this.#statements.get(text);
    if (known !== undefined) return known;
    const statement = this.#database.prepare(text);
    this.#statements.set(text, statement);
    return statement;
  }

  #write<T>(run: () => T): T {
    try {
      return transaction(this.#database, run);
    } catch (cause) {
      if (cause instanceof OctavoError) throw cause;
      const message = cause instanceof Error ? cause.message : String(cause);
      throw new OctavoError(
        /full/.test(message) ? 'storage_full' : 'storage_failed',
        `batch state: ${message}`,
        { cause },
      );
    }
  }
}

const pageMax = 1000;
/** Ended requests that are kept. */
const requestsKept = 200;

function pageOf({ before = Number.MAX_SAFE_INTEGER, limit = 50 }: HistoryPage): [number, number] {
  return [before, Math.max(1, Math.min(limit, pageMax))];
}
