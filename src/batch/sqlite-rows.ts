import {
  type AttemptOutcome,
  type AttemptProgress,
  type AttemptRecord,
  type CycleDay,
  type RunOutcome,
  type RunRecord,
} from './state-port.ts';

/** A row of `runs`. */
export interface RunRow {
  readonly run_id: number;
  readonly key: string | null;
  readonly goals: string;
  readonly worker: string;
  readonly started_ms: number;
  readonly finished_ms: number | null;
  readonly outcome: string | null;
  readonly counts: string;
  readonly heartbeat_ms: number;
  readonly expires_ms: number;
  readonly asked_by: string | null;
}

/** A row of `attempts`. */
export interface AttemptRow {
  readonly token: number;
  readonly run_id: number;
  readonly task_id: string;
  readonly attempt: number;
  readonly worker: string;
  readonly started_ms: number;
  readonly heartbeat_ms: number;
  readonly expires_ms: number;
  readonly finished_ms: number | null;
  readonly outcome: string | null;
  readonly error_code: string | null;
  readonly error_message: string | null;
  readonly counts: string | null;
  readonly log: string | null;
  readonly progress: string | null;
}

/** A row of `cycle_days`. */
export interface CycleDayRow {
  readonly day: string;
  readonly outcome: string;
  readonly attempts: number;
  readonly finished_ms: number;
}

/** The run that a row holds, as seen at an instant: an unfinished one whose lease is over is lost. */
export function runFrom(row: RunRow, nowMs: number): RunRecord {
  const lost = row.finished_ms === null && isSilent(row, nowMs);
  return {
    runId: row.run_id,
    key: row.key ?? undefined,
    goals: JSON.parse(row.goals) as readonly string[],
    worker: row.worker,
    askedBy: row.asked_by ?? undefined,
    startedMs: row.started_ms,
    finishedMs: row.finished_ms ?? (lost ? row.expires_ms : undefined),
    outcome: lost ? 'lost' : ((row.outcome ?? undefined) as RunOutcome | undefined),
    counts: countsFrom(row.counts),
  };
}

/** A heartbeat more than a lease in the future was written before the clock was set back, and none has followed. */
function isSilent(row: RunRow | AttemptRow, nowMs: number): boolean {
  const leaseMs = row.expires_ms - row.heartbeat_ms;
  return nowMs >= row.expires_ms || nowMs < row.heartbeat_ms - leaseMs;
}

/** The attempt that a row holds, as seen at an instant: an unfinished one whose lease is over is lost. */
export function attemptFrom(row: AttemptRow, nowMs: number): AttemptRecord {
  const lost = row.finished_ms === null && isSilent(row, nowMs);
  return {
    token: row.token,
    runId: row.run_id,
    taskId: row.task_id,
    attempt: row.attempt,
    worker: row.worker,
    startedMs: row.started_ms,
    heartbeatMs: row.heartbeat_ms,
    expiresMs: row.expires_ms,
    finishedMs: row.finished_ms ?? (lost ? row.expires_ms : undefined),
    outcome: lost ? 'lost' : ((row.outcome ?? undefined) as AttemptOutcome | undefined),
    errorCode: row.error_code ?? undefined,
    errorMessage: row.error_message ?? undefined,
    counts: countsFrom(row.counts),
    log: row.log === null ? [] : (JSON.parse(row.log) as readonly string[]),
    progress: row.progress === null ? undefined : (JSON.parse(row.progress) as AttemptProgress),
  };
}

/** The cycle's day that a row holds. */
export function cycleDayFrom(row: CycleDayRow): CycleDay {
  return {
    day: row.day,
    outcome: row.outcome as RunOutcome,
    attempts: row.attempts,
    finishedMs: row.finished_ms,
  };
}

function countsFrom(text: string | null): Readonly<Record<string, number>> {
  return text === null ? {} : (JSON.parse(text) as Record<string, number>);
}
