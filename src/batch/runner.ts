import { setImmediate as turn } from 'node:timers/promises';
import { count, observe, OctavoError, silentLogger, toOctavoError } from '../base/index.ts';
import { Alarm } from './alarm.ts';
import { startAttempt, type RunningAttempt } from './attempt.ts';
import { type PlanNode } from './graph.ts';
import { type Ended } from './progress.ts';
import { defaults, stateFailuresMax, stateRetryMs } from './run-defaults.ts';
import { type RunEvent, type RunResult } from './run-events.ts';
import { type RunOptions } from './run-options.ts';
import { Sayings } from './sayings.ts';
import { type ClaimRequest } from './state-port.ts';
import { TaskBoard } from './task-board.ts';

/**
 * Runs a plan until nothing of it can run any more. What does not depend on a failed task goes on.
 * Rejects only when the batch state itself can't be used (`storage_full`, `storage_failed`).
 */
export async function runPlan(options: RunOptions): Promise<RunResult> {
  return await new PlanRun(options).run();
}

/** Carries out what the board decides: claims, attempts, leases, and what the state is told of them. */
class PlanRun {
  readonly #options: Required<Omit<RunOptions, 'key' | 'askedBy' | 'signal' | 'onEvent'>> & RunOptions;
  readonly #emit: (event: RunEvent) => void;
  readonly #running = new Map<number, RunningAttempt>();
  readonly #sayings = new Sayings();
  readonly #alarm: Alarm;
  #ended: Ended[] = [];
  #runId = 0;
  /** When the next heartbeat is due. */
  #beatMs = 0;
  #stateFailures = 0;
  /** Aborted when somebody asks, through the state, for its end. */
  readonly #stop = new AbortController();

  constructor(options: RunOptions) {
    const heartbeatMs = Math.min(defaults.heartbeatMs, (options.leaseMs ?? defaults.leaseMs) / 4);
    const signal = AbortSignal.any([this.#stop.signal, options.signal ?? this.#stop.signal]);
    this.#options = { ...defaults, heartbeatMs, log: silentLogger, limits: {}, ...options, signal };
    this.#emit = (event) => {
      tally(event);
      options.onEvent?.(event);
    };
    this.#alarm = new Alarm(options.clock);
  }

  async run(): Promise<RunResult> {
    const { state, plan, worker, clock, key, askedBy, signal, leaseMs, heartbeatMs } = this.#options;
    const record = await state.openRun({
      goals: plan.goals,
      worker,
      leaseMs,
      ...(key === undefined ? {} : { key }),
      ...(askedBy === undefined ? {} : { askedBy }),
    });
    this.#runId = record.runId;
    const forcedBefore = key === undefined ? new Set<string>() : await state.succeededIn(record.runId);
    this.#beatMs = clock.now() + heartbeatMs;
    const board = new TaskBoard({ ...this.#options, forcedBefore, emit: this.#emit });
    this.#emit({ type: 'run-started', runId: record.runId, tasks: plan.nodes.size, done: board.present });
    const cancel = (): void => this.#abortAll(new OctavoError('cancelled', `run ${record.runId}`));
    signal?.addEventListener('abort', cancel, { once: true });
    try {
      await this.#loop(board);
    } finally {
      signal?.removeEventListener('abort', cancel);
      this.#alarm.close();
    }
    return await this.#close(board, record.startedMs);
  }

  async #loop(board: TaskBoard): Promise<void> {
    const { workers, clock } = this.#options;
    const cancelled = (): boolean => this.#options.signal?.aborted ?? false;
    for (;;) {
      await this.#keepLeases();
      board.wake(clock.now());
      // One turn of the event loop: tasks that end together are recorded together, and others get their turn.
      if (this.#ended.length > 0 && this.#running.size > 0) await turn();
      const room = workers - this.#running.size;
      const claims = cancelled() ? [] : board.take(this.#ended, clock.now(), room);
      if (claims.length > 0 || this.#ended.length > 0) {
        await this.#exchange(board, claims);
        continue;
      }
      if (this.#running.size === 0 && (board.open === 0 || cancelled())) return;
      await this.#alarm.wait(this.#nextDueMs(board));
      await turn();
    }
  }

  async #exchange(board: TaskBoard, claims: readonly ClaimRequest[]): Promise<void> {
    const { state, worker, leaseMs, limits, clock } = this.#options;
    const ended = this.#ended;
    this.#ended = [];
    try {
      const ends = ended.map(({ result }) => result.end);
      const answer = await state.exchange({ runId: this.#runId, worker, leaseMs, limits, ends, claims });
      this.#stateFailures = 0;
      const refused = new Set(answer.refused);
      for (const one of ended) {
        const isRefused = refused.has(one.running.token);
        if (!isRefused) tallyEnd(one);
        board.settle(one, isRefused, clock.now());
      }
      for (const claim of answer.claims) {
        const given = board.answer(claim, clock.now());
        if (claim.status === 'claimed' && given !== undefined)
          this.#begin(board, { ...given, token: claim.token });
      }
    } catch (thrown) {
      const error = toOctavoError(thrown);
      this.#stateFailures += 1;
      if (!error.retryable || this.#stateFailures > stateFailuresMax) {
        this.#abortAll(error);
        await Promise.all([...this.#running.values()].map((running) => running.ended));
        throw error;
      }
      this.#options.log.warn('batch state could not be written, trying again', { error });
      this.#ended = [...ended, ...this.#ended];
      board.putBack(claims);
      await clock.sleep(stateRetryMs);
    }
  }

  #begin(
    board: TaskBoard,
    given: { readonly node: PlanNode; readonly attempt: number; readonly token: number },
  ): void {
    const { node, attempt, token } = given;
    const { clock, state, graceMs, log } = this.#options;
    const running = startAttempt({
      ...given,
      lookFirst: !node.forced && node.target.marker === undefined,
      clock,
      log: log.child({ task: node.id, token }),
      graceMs,
      progress: (done, total, unit) => this.#emit({ type: 'progress', taskId: node.id, done, total, unit }),
      holds: async () => await state.holds(token),
    });
    this.#running.set(token, running);
    this.#emit({ type: 'started', taskId: node.id, attempt, token });
    if (this.#options.signal?.aborted === true) running.abort(new OctavoError('cancelled', node.id));
    void this.#collect(board, running);
  }

  async #collect(board: TaskBoard, running: RunningAttempt): Promise<void> {
    const result = await running.ended;
    this.#running.delete(running.token);
    this.#sayings.forget(running.token);
    board.release(running.node);
    this.#ended.push({ running, result });
    this.#alarm.wake();
  }

  async #keepLeases(): Promise<void> {
    const { clock, heartbeatMs, leaseMs, state, log } = this.#options;
    const nowMs = clock.now();
    for (const running of this.#running.values()) {
      const { id, task } = running.node;
      if (nowMs - running.startedMs >= task.timeoutMs)
        running.abort(new OctavoError('task_timeout', `'${id}' after ${task.timeoutMs} ms`));
    }
    // Due, or further away than it can be: then the clock was set back.
    if (nowMs < this.#beatMs && nowMs >= this.#beatMs - heartbeatMs) return;
    this.#beatMs = nowMs + heartbeatMs;
    try {
      const news = this.#sayings.news(this.#running.values());
      const notes = news.map(({ note }) => note);
      for (const token of await state.heartbeat(this.#runId, [...this.#running.keys()], leaseMs, notes)) {
        const running = this.#running.get(token);
        running?.abort(new OctavoError('lease_lost', `'${running.node.id}'`));
      }
      this.#sayings.keep(news);
      const by = await state.stopAskedBy(this.#runId);
      if (by !== undefined) this.#stop.abort(new OctavoError('cancelled', `stopped by ${by}`));
    } catch (error) {
      log.warn('a heartbeat could not be written', { error });
    }
  }

  #nextDueMs(board: TaskBoard): number {
    const pausedMs = board.nextDueMs();
    if (this.#running.size === 0 && pausedMs === undefined)
      throw new OctavoError('internal', `run ${this.#runId}: ${board.open} tasks wait for nothing`);
    let dueMs = Math.min(this.#beatMs, pausedMs ?? Infinity);
    for (const running of this.#running.values()) {
      if (!running.aborted()) dueMs = Math.min(dueMs, running.startedMs + running.node.task.timeoutMs);
    }
    return dueMs;
  }

  #abortAll(error: OctavoError): void {
    for (const running of this.#running.values()) running.abort(error);
    this.#alarm.wake();
  }

  async #close(board: TaskBoard, startedMs: number): Promise<RunResult> {
    const { state, clock } = this.#options;
    const { open, succeeded, present, failed, blocked } = board;
    const outcome = open > 0 ? 'cancelled' : failed.length > 0 ? 'failed' : 'succeeded';
    const ended = {
      outcome,
      succeeded,
      present,
      failed,
      blocked,
      startedMs,
      finishedMs: clock.now(),
    } as const;
    const result: RunResult = { runId: this.#runId, ...ended };
    const counts = { succeeded, present, failed: failed.length, blocked: blocked.length, left: open };
    await state.closeRun(this.#runId, outcome, counts);
    this.#emit({ type: 'run-finished', result });
    return result;
  }
}

function tally({ type }: RunEvent): void {
  if (type === 'retry') count('octavo_batch_retries_total');
  else if (type === 'lease-lost') count('octavo_batch_leases_lost_total');
}

function tallyEnd({ result }: Ended): void {
  count('octavo_batch_attempts_total', { outcome: result.end.outcome });
  observe('octavo_batch_attempt_seconds', result.seconds);
}
