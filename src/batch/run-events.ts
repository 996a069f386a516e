import { type RunOutcome } from './state-port.ts';

/** What happens during a run, for progress bars and `--json`. */
export type RunEvent =
  | { readonly type: 'run-started'; readonly runId: number; readonly tasks: number; readonly done: number }
  | { readonly type: 'started'; readonly taskId: string; readonly attempt: number; readonly token: number }
  | {
      readonly type: 'progress';
      readonly taskId: string;
      readonly done: number;
      readonly total: number;
      readonly unit: string;
    }
  | {
      readonly type: 'finished';
      readonly taskId: string;
      /** `present`: the target was there already, nothing was run. */
      readonly outcome: 'succeeded' | 'present';
      readonly seconds: number;
      readonly counts: Readonly<Record<string, number>>;
    }
  | {
      readonly type: 'retry';
      readonly taskId: string;
      readonly attempt: number;
      readonly waitMs: number;
      readonly code: string;
      readonly message: string;
    }
  | {
      readonly type: 'failed';
      readonly taskId: string;
      readonly attempt: number;
      readonly code: string;
      readonly message: string;
    }
  | { readonly type: 'blocked'; readonly taskId: string; readonly by: string }
  /** Another worker holds the task. */
  | { readonly type: 'waiting'; readonly taskId: string; readonly worker: string }
  | { readonly type: 'lease-lost'; readonly taskId: string; readonly token: number }
  | { readonly type: 'run-finished'; readonly result: RunResult };

/** A task that failed for good. */
export interface TaskFailure {
  readonly taskId: string;
  readonly attempts: number;
  readonly code: string;
  readonly message: string;
}

/** How a run ended. */
export interface RunResult {
  readonly runId: number;
  readonly outcome: RunOutcome;
  /** Run here. */
  readonly succeeded: number;
  /** Done before or by another worker. */
  readonly present: number;
  readonly failed: readonly TaskFailure[];
  /** Tasks that could not run, and the failed task that is in their way. */
  readonly blocked: readonly { readonly taskId: string; readonly by: string }[];
  readonly startedMs: number;
  readonly finishedMs: number;
}

/** The process's exit code: 0 for success, 1 for failure, 130 when cancelled. */
export function exitCodeOf(result: RunResult): number {
  if (result.outcome === 'succeeded') return 0;
  return result.outcome === 'cancelled' ? 130 : 1;
}
