import { OctavoError, type Clock, type Logger } from '../base/index.ts';
import { createAttemptLog, type AttemptLog } from './attempt-log.ts';
import { type PlanNode } from './graph.ts';
import { type AttemptEnd, type AttemptNote, type AttemptProgress } from './state-port.ts';
import { taskError, worthRetrying } from './retry.ts';
import { type TaskContext } from './task.ts';

/** What an attempt is made of. */
export interface AttemptOptions {
  readonly node: PlanNode;
  readonly token: number;
  readonly attempt: number;
  /** The target may have been made since the plan: look before running. */
  readonly lookFirst: boolean;
  readonly clock: Clock;
  readonly log: Logger;
  /** How long a task may ignore its aborted signal before it is given up. */
  readonly graceMs: number;
  readonly progress: (done: number, total: number, unit: string) => void;
  /** Whether the token still holds its lease. */
  readonly holds: () => Promise<boolean>;
}

/** An attempt that is running. */
export interface RunningAttempt {
  readonly node: PlanNode;
  readonly token: number;
  readonly attempt: number;
  readonly startedMs: number;
  /** Aborts the task's signal; the attempt ends with this error, after the grace at the latest. */
  abort(error: OctavoError): void;
  /** Whether it was aborted; it ends within the grace then. */
  aborted(): boolean;
  /** What it has said so far; the version grows with every word. */
  said(): { readonly version: number; readonly note: AttemptNote };
  /** Never rejects. */
  readonly ended: Promise<AttemptResult>;
}

/** How an attempt ended. */
export interface AttemptResult {
  readonly end: AttemptEnd;
  readonly error: OctavoError | undefined;
  readonly retryable: boolean;
  readonly seconds: number;
}

/** Runs a task once, under a lease that is held already. */
export function startAttempt(options: AttemptOptions): RunningAttempt {
  const { node, token, attempt, clock } = options;
  const startedMs = clock.now();
  const controller = new AbortController();
  const { promise: abandoned, reject: abandon } = Promise.withResolvers<never>();
  abandoned.catch(() => undefined);
  const attemptLog = createAttemptLog(options.log, clock);
  let progress: AttemptProgress | undefined;
  let steps = 0;
  const tell: AttemptOptions['progress'] = (done, total, unit) => {
    progress = { done, total, unit };
    steps += 1;
    options.progress(done, total, unit);
  };
  const ended = work({ ...options, progress: tell }, attemptLog, controller.signal, abandoned);
  return {
    node,
    token,
    attempt,
    startedMs,
    abort: (reason) => {
      if (controller.signal.aborted) return;
      controller.abort(reason);
      // The grace must not outlive the attempt: a process that is done would stay for its sake.
      const over = new AbortController();
      void ended.then(() => over.abort());
      clock.sleep(options.graceMs, over.signal).then(() => abandon(reason), abandon);
    },
    aborted: () => controller.signal.aborted,
    said: () => ({
      version: attemptLog.count() + steps,
      note: { token, log: attemptLog.lines(), ...(progress === undefined ? {} : { progress }) },
    }),
    ended,
  };
}

async function work(
  options: AttemptOptions,
  attemptLog: AttemptLog,
  signal: AbortSignal,
  abandoned: Promise<never>,
): Promise<AttemptResult> {
  const { node, token, clock } = options;
  const startedMs = clock.now();
  const counts: Record<string, number> = {};
  const context: TaskContext = {
    ref: node.ref,
    token,
    attempt: options.attempt,
    signal,
    log: attemptLog.log,
    progress: options.progress,
    count: (more) => {
      Object.assign(counts, more);
      attemptLog.note('info', 'counted', more);
    },
    confirm: async () => {
      signal.throwIfAborted();
      if (!(await options.holds())) throw new OctavoError('lease_lost', `'${node.id}'`);
    },
  };
  const result = (end: Omit<AttemptEnd, 'token' | 'counts' | 'log'>, thrown?: unknown): AttemptResult => {
    const error = thrown === undefined ? undefined : taskError(thrown, node.id);
    if (error !== undefined) attemptLog.note('error', `${error.code}: ${error.message}`);
    const described = error === undefined ? {} : { errorCode: error.code, errorMessage: error.message };
    return {
      end: { token, counts, log: attemptLog.lines(), ...described, ...end },
      error,
      retryable: thrown !== undefined && worthRetrying(thrown),
      seconds: (clock.now() - startedMs) / 1000,
    };
  };
  attemptLog.note('info', `attempt ${options.attempt} begins: ${node.target.description}`);
  try {
    if (options.lookFirst && (await node.target.exists())) return result({ outcome: 'present' });
    await Promise.race([node.task.run(context), abandoned]);
    signal.throwIfAborted();
    if (node.target.marker !== undefined) return result({ outcome: 'succeeded', marker: node.target.marker });
    if (await node.target.exists()) return result({ outcome: 'succeeded' });
    throw new OctavoError('task_target_missing', `'${node.id}' should have made ${node.target.description}`);
  } catch (thrown) {
    // Whatever an aborted task throws, the reason is why it was aborted.
    const reason: unknown = signal.aborted ? signal.reason : thrown;
    const cancelled = reason instanceof OctavoError && reason.code === 'cancelled';
    return result({ outcome: cancelled ? 'cancelled' : 'failed' }, reason);
  }
}
