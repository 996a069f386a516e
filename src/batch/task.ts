import type { Logger, Text } from '../base/index.ts';

/** Parameters of a task: plain values, part of its identity. */
export type TaskParameters = Readonly<Record<string, string | number | boolean>>;

/** A task with its parameters: what runs, is depended on, and is remembered. Its id is `name(key=value,…)`. */
export interface TaskRef {
  readonly task: string;
  readonly parameters: TaskParameters;
}

/** What a declared parameter may be. */
export interface ParameterSpec {
  readonly type: 'day' | 'string' | 'number' | 'boolean';
  readonly description: string;
  /** Absent: the parameter is required. */
  readonly default?: string | number | boolean;
}

/** Where a task's result lies. The task is done when it exists, and only then. */
export interface Target {
  /** For people: `table model.sales day 2026-11-02`. */
  readonly description: string;
  exists(): Promise<boolean>;
  /** Targets that share a group are looked up together, in one call. */
  readonly group?: TargetGroup;
  /** For work with no natural target: the batch state records this key together with the success of the attempt. */
  readonly marker?: string;
}

/** Looks up many targets at once, e.g. all days of one table with one look at the catalogue. */
export interface TargetGroup {
  /** Those of the given targets that exist. */
  existing(targets: readonly Target[]): Promise<ReadonlySet<Target>>;
}

/** What a running task is given. */
export interface TaskContext {
  readonly ref: TaskRef;
  /** Fencing token of this attempt's lease; goes along with every publication. */
  readonly token: number;
  readonly attempt: number;
  /** Aborts on cancellation, timeout and loss of the lease. */
  readonly signal: AbortSignal;
  readonly log: Logger;
  /** Shown while it runs. */
  progress(done: number, total: number, unit: string): void;
  /** Numbers kept with the run: rows read, files written. */
  count(counts: Readonly<Record<string, number>>): void;
  /**
   * Rejects with `lease_lost` unless this attempt still holds its lease. To be called right before a publication that
   * can't carry the token.
   */
  readonly confirm?: () => Promise<void>;
}

/** A unit of batch work. */
export interface Task {
  /** Unique, e.g. `model:sales`, `bestseller:daily`. */
  readonly name: string;
  readonly description: Text;
  readonly parameters: Readonly<Record<string, ParameterSpec>>;
  /** Tasks whose targets must exist first. */
  needs(parameters: TaskParameters): readonly TaskRef[];
  target(parameters: TaskParameters): Target;
  run(context: TaskContext): Promise<void>;
  /** Further attempts after the first. Default 3, waiting 1 s, 5 s, 15 s with jitter; errors that are not retryable fail at once. */
  readonly retries: number;
  /** Default 3,600,000. */
  readonly timeoutMs: number;
  /** Named resources with limits, e.g. `{ engine: 1 }`. */
  readonly resources: Readonly<Record<string, number>>;
  /** Part of every business day's cycle. */
  readonly daily: boolean;
  /** Where its result comes from, and what it is. */
  readonly lineage?: Lineage;
}

/**
 * What a task reads and what it makes: tables as `namespace.name`, and with a kind before a colon what lies outside of
 * the warehouse: `source:shop`, `edition:bestseller/daily`.
 */
export interface Lineage {
  readonly reads: readonly string[];
  readonly makes: readonly string[];
  /** What the columns of the tables that it makes are, by table and column, where a task knows it. */
  readonly columns?: Readonly<Record<string, Readonly<Record<string, Text>>>>;
}
