import { type BusinessDay } from '../base/index.ts';
import { type Markers } from './existing-targets.ts';

/** How a run ended. `lost`: its process ended, or stands still, without a word; should it come back, the run goes on. */
export type RunOutcome = 'succeeded' | 'failed' | 'cancelled' | 'lost';

/**
 * How an attempt ended. `present`: the target was there already; `lost`: its lease ran out. As long as no other
 * worker has taken over, a lost attempt that comes back still holds its lease.
 */
export type AttemptOutcome = 'succeeded' | 'present' | 'failed' | 'cancelled' | 'lost';

/** One execution of a plan. Instants are epoch milliseconds. */
export interface RunRecord {
  readonly runId: number;
  /** Given by the caller so that a run that was killed can go on under the same name. */
  readonly key: string | undefined;
  readonly goals: readonly string[];
  readonly worker: string;
  readonly askedBy: string | undefined;
  readonly startedMs: number;
  /** Of a lost run: when its lease ran out. */
  readonly finishedMs: number | undefined;
  /** Undefined while it runs. */
  readonly outcome: RunOutcome | undefined;
  /** Tasks by how they ended. */
  readonly counts: Readonly<Record<string, number>>;
}

/** What a run begins with. */
export interface RunStart {
  readonly key?: string;
  readonly goals: readonly string[];
  readonly worker: string;
  /** Who wanted it; absent when it runs by itself. */
  readonly askedBy?: string;
  /** After this time without a heartbeat the run counts as lost. */
  readonly leaseMs: number;
}

/** One attempt of one task. Its token is unique and grows over the whole database. */
export interface AttemptRecord {
  readonly token: number;
  readonly runId: number;
  readonly taskId: string;
  /** 1 for the first of the run. */
  readonly attempt: number;
  readonly worker: string;
  readonly startedMs: number;
  readonly heartbeatMs: number;
  /** While it runs: when others may take over. */
  readonly expiresMs: number;
  readonly finishedMs: number | undefined;
  readonly outcome: AttemptOutcome | undefined;
  readonly errorCode: string | undefined;
  readonly errorMessage: string | undefined;
  readonly counts: Readonly<Record<string, number>>;
  /** The last lines that the task logged, each with its instant and level; of a running one, those of the last heartbeat. */
  readonly log: readonly string[];
  /** How far it was when it said so last. */
  readonly progress: AttemptProgress | undefined;
}

/** How far an attempt is. */
export interface AttemptProgress {
  readonly done: number;
  readonly total: number;
  readonly unit: string;
}

/** What a running attempt has said so far. */
export interface AttemptNote {
  readonly token: number;
  readonly log: readonly string[];
  readonly progress?: AttemptProgress;
}

/** A wish to run a task now. */
export interface ClaimRequest {
  readonly taskId: string;
  readonly attempt: number;
  /** When this marker is recorded already, nothing is claimed. */
  readonly marker?: string;
  readonly resources?: Readonly<Record<string, number>>;
  /** Tokens that end in the same exchange and must not be refused. */
  readonly after?: readonly number[];
}

/** `busy`: a resource is used up; `held`: another attempt has the lease; `marked`: the marker is recorded; `refused`: an end that it comes after was. */
export type Claim =
  | { readonly status: 'claimed'; readonly taskId: string; readonly token: number }
  | { readonly status: 'held'; readonly taskId: string; readonly worker: string; readonly expiresMs: number }
  | { readonly status: 'busy'; readonly taskId: string; readonly resource: string }
  | { readonly status: 'marked' | 'refused'; readonly taskId: string };

/** The end of an attempt. */
export interface AttemptEnd {
  readonly token: number;
  readonly outcome: AttemptOutcome;
  readonly errorCode?: string;
  readonly errorMessage?: string;
  readonly counts?: Readonly<Record<string, number>>;
  readonly log?: readonly string[];
  /** Recorded with a success, in the same transaction. */
  readonly marker?: string;
}

/** Ends and claims, in one transaction. */
export interface Exchange {
  readonly runId: number;
  readonly worker: string;
  readonly leaseMs: number;
  readonly ends: readonly AttemptEnd[];
  readonly claims: readonly ClaimRequest[];
  /** How much of each resource there is. Resources that are not named have 1. */
  readonly limits: Readonly<Record<string, number>>;
}

/** What came of it. */
export interface ExchangeResult {
  /** Tokens whose end was refused because they don't hold their lease any more; nothing of them was recorded. */
  readonly refused: readonly number[];
  /** One for each claim, in order. */
  readonly claims: readonly Claim[];
}

/** A business day of a cycle. */
export interface CycleDay {
  readonly day: BusinessDay;
  readonly outcome: RunOutcome;
  /** How often it was run. */
  readonly attempts: number;
  readonly finishedMs: number;
}

/** A run that somebody asked for, as it is kept until it has ended and for a while after. */
export interface RequestRecord {
  readonly requestId: number;
  /** Whether it is still to be run, or runs. */
  readonly open: boolean;
  /** What whoever takes requests needs to know of it, as JSON. */
  readonly body: string;
}

/** One page of a history, newest first. */
export interface HistoryPage {
  /** Only what is older than this id (run id or token). */
  readonly before?: number;
  /** Default 50, at most 1000. */
  readonly limit?: number;
}

/** Which attempts. */
export interface AttemptPage extends HistoryPage {
  readonly runId?: number;
  readonly taskId?: string;
  /** A task's name, whatever its parameters. */
  readonly task?: string;
}

/**
 * What is known of batch work, durably, shared by every process that works on it. Every method is one
 * transaction that is on the disk when it resolves. Errors: `storage_full`, `storage_failed`.
 */
export interface BatchState extends Markers {
  /** Starts a run; with the key of a run that is unfinished, that one goes on. It counts as lost once its lease has run out. */
  openRun(run: RunStart): Promise<RunRecord>;
  /** Without effect on a run that has ended. */
  closeRun(runId: number, outcome: RunOutcome, counts: Readonly<Record<string, number>>): Promise<void>;
  /** Ids of the tasks that succeeded in the run. */
  succeededIn(runId: number): Promise<ReadonlySet<string>>;
  /** The hot path: records ends, then gives leases. A lease that has run out is taken over, its attempt ends as `lost`. */
  exchange(exchange: Exchange): Promise<ExchangeResult>;
  /**
   * Extends the leases of the run and of its attempts, and keeps what those say that hold theirs; returns the tokens
   * that don't hold theirs any more.
   */
  heartbeat(
    runId: number,
    tokens: readonly number[],
    leaseMs: number,
    notes?: readonly AttemptNote[],
  ): Promise<readonly number[]>;
  /** Whether the token holds its lease. */
  holds(token: number): Promise<boolean>;
  /**
   * Asks whatever process works on the run to end it; it hears so with its next heartbeat. False when the run is
   * not known or has ended.
   */
  askToStop(runId: number, askedBy: string): Promise<boolean>;
  /** Who asked for the end of the run. */
  stopAskedBy(runId: number): Promise<string | undefined>;
  /** Keeps a new request; its id. */
  addRequest(body: string): Promise<number>;
  /** Without effect on a request that is not known. */
  changeRequest(request: RequestRecord): Promise<void>;
  /** Those that are open and the last that ended, newest first. */
  requests(endedMax: number): Promise<readonly RequestRecord[]>;
  runs(page?: HistoryPage): Promise<readonly RunRecord[]>;
  /** Attempts, newest first: of a run, of a task with its parameters, of every task of a name. */
  attempts(page?: AttemptPage): Promise<readonly AttemptRecord[]>;
  /** Attempts whose lease has not run out, oldest first. */
  running(): Promise<readonly AttemptRecord[]>;
  /** Ends every lease as lost, for a process that knows that no other one works; returns how many there were. */
  endLeases(): Promise<number>;
  /** Days of the cycle that were run, ascending. */
  cycleDays(cycle: string, from?: BusinessDay): Promise<readonly CycleDay[]>;
  /** Counts one more attempt of the day. A day that succeeded stays so. */
  recordCycleDay(cycle: string, day: BusinessDay, outcome: RunOutcome): Promise<void>;
  /**
   * Removes the oldest runs beyond the limit, with their attempts, unless they or one of them still hold a
   * lease; markers and cycle days stay. Returns how many.
   */
  prune(runsKeptMax: number): Promise<number>;
  close(): Promise<void>;
}
