import { setImmediate as turn } from 'node:timers/promises';
import {
  count,
  observe,
  OctavoError,
  silentLogger,
  toOctavoError,
  type Clock,
  type Logger,
  type Random,
} from '../base/index.ts';
import { Alarm } from './alarm.ts';
import { startAttempt, type RunningAttempt } from './attempt.ts';
import { type Plan } from './graph.ts';
import { claimOf, isOver, isSuccess, type Ended, type Pause, type Progress } from './progress.ts';
import { ReadyQueue, resourceKey } from './ready-queue.ts';
import { createResourcePool, type ResourcePool } from './resource-pool.ts';
import { retryDelayMs } from './retry.ts';
import { defaults, stateFailuresMax, stateRetryMs } from './run-defaults.ts';
import { type RunEvent, type RunResult, type TaskFailure } from './run-events.ts';
import { Sayings } from './sayings.ts';
import { type BatchState, type Claim, type ClaimRequest } from './state-port.ts';

/** How a plan is run. */
export interface RunOptions {
  readonly plan: Plan;
  readonly state: BatchState;
  readonly clock: Clock;
  readonly random: Random;
  /** Names this process among those that share the state, e.g. `host:pid`. */
  readonly worker: string;
  readonly log?: Logger;
  /** Tasks that run at the same time. Default 2. */
  readonly workers?: number;
  /** A run that was killed goes on under its key: forced tasks that succeeded in it are not run again. */
  readonly key?: string;
  /** Who wanted the run; kept with it. */
  readonly askedBy?: string;
  /** How much of each resource there is, over all processes. A resource not named has 1. */
  readonly limits?: Readonly<Record<string, number>>;
  readonly onEvent?: (event: RunEvent) => void;
  /** Cancels the run: running tasks are aborted, nothing else is started. */
  readonly signal?: AbortSignal;
  /** How long a silent worker keeps its tasks. Default 10,000. */
  readonly leaseMs?: number;
  /** Default 2,000, or a quarter of a short lease. */
  readonly heartbeatMs?: number;
  /** How often a task that another worker holds is looked at. Default 500. */
  readonly pollMs?: number;
  /** How long an aborted task may go on before it is given up. Default 5,000. */
  readonly graceMs?: number;
  /** Waits between attempts. Default 1 s, 5 s, 15 s. */
  readonly retryDelaysMs?: readonly number[];
}

/**
 * Runs a plan until nothing of it can run any more. What does not depend on a failed task goes on.
 * Rejects only when the batch state itself can't be used (`storage_full`, `storage_failed`).
 */
export async function runPlan(options: RunOptions): Promise<RunResult> {
  return await new PlanRun(options).run();
}

class PlanRun {
  readonly #options: Required<Omit<RunOptions, 'key' | 'askedBy' | 'signal' | 'onEvent'>> & RunOptions;
  readonly #emit: (event: RunEvent) => void;
  readonly #tasks = new Map<string, Progress>();
  readonly #ready = new ReadyQueue();
  readonly #running = new Map<number, RunningAttempt>();
  readonly #sayings = new Sayings();
  readonly #resources: ResourcePool;
  /** Resource keys that other processes use up, and when to ask again. */
  readonly #parked = new Map<string, Pause>();
  readonly #alarm: Alarm;
  #resting: { readonly task: Progress; readonly pause: Pause }[] = [];
  #ended: Ended[] = [];
  #open = 0;
  #runId = 0;
  /** When the next heartbeat is due. */
  #beatMs = 0;
  #stateFailures = 0;
  /** Aborted when somebody asks, through the state, for its end. */
  readonly #stop = new AbortController();
  #forcedBefore: ReadonlySet<string> = new Set();
  #succeeded = 0;
  #present = 0;
  readonly #failures: TaskFailure[] = [];
  readonly #blocked: { readonly taskId: string; readonly by: string }[] = [];

  constructor(options: RunOptions) {
    const heartbeatMs = Math.min(defaults.heartbeatMs, (options.leaseMs ?? defaults.leaseMs) / 4);
    const signal = AbortSignal.any([this.#stop.signal, options.signal ?? this.#stop.signal]);
    this.#options = { ...defaults, heartbeatMs, log: silentLogger, limits: {}, ...options, signal };
    this.#resources = createResourcePool(this.#options.limits);
    this.#emit = options.onEvent ?? (() => undefined);
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
    if (key !== undefined) this.#forcedBefore = await state.succeededIn(record.runId);
    this.#beatMs = clock.now() + heartbeatMs;
    this.#prepare();
    this.#emit({ type: 'run-started', runId: record.runId, tasks: plan.nodes.size, done: this.#present });
    const cancel = (): void => this.#abortAll(new OctavoError('cancelled', `run ${record.runId}`));
    signal?.addEventListener('abort', cancel, { once: true });
    try {
      await this.#loop();
    } finally {
      signal?.removeEventListener('abort', cancel);
      this.#alarm.close();
    }
    return await this.#close(record.startedMs);
  }

  #prepare(): void {
    for (const node of this.#options.plan.nodes.values()) {
      const done = node.done || (node.forced && this.#forcedBefore.has(node.id));
      this.#tasks.set(node.id, {
        node,
        status: done ? 'done' : 'waiting',
        pending: 0,
        attempts: 0,
        after: [],
        wasHeld: false,
      });
      if (done) this.#present += 1;
      else this.#open += 1;
    }
    for (const task of this.#tasks.values()) {
      if (task.status === 'done') continue;
      task.pending = task.node.needs.filter((need) => this.#task(need).status !== 'done').length;
      if (task.pending === 0) this.#makeReady(task);
    }
  }

  async #loop(): Promise<void> {
    const cancelled = (): boolean => this.#options.signal?.aborted ?? false;
    for (;;) {
      await this.#keepLeases();
      this.#wakeResting();
      // One turn of the event loop: tasks that end together are recorded together, and others get their turn.
      if (this.#ended.length > 0 && this.#running.size > 0) await turn();
      const claims = cancelled() ? [] : this.#takeClaims();
      if (claims.length > 0 || this.#ended.length > 0) {
        await this.#exchange(claims);
        continue;
      }
      if (this.#running.size === 0 && (this.#open === 0 || cancelled())) return;
      await this.#alarm.wait(this.#nextDueMs());
      await turn();
    }
  }

  /** Takes from the ready tasks as many as there are free workers; successes not yet recorded count as done. */
  #takeClaims(): readonly ClaimRequest[] {
    for (const { running, result } of this.#ended) {
      const task = this.#task(running.node.id);
      if (isSuccess(result) && task.status === 'running') this.#releaseDependents(task, running.token);
    }
    const nowMs = this.#options.clock.now();
    for (const [key, pause] of this.#parked) if (isOver(pause, nowMs)) this.#parked.delete(key);
    const claims: ClaimRequest[] = [];
    while (this.#running.size + claims.length < this.#options.workers) {
      const node = this.#ready.take(
        (resources, key) => this.#resources.fits(resources) && !this.#parked.has(key),
      );
      if (node === undefined) break;
      const task = this.#task(node.id);
      if (task.status !== 'ready') continue;
      task.status = 'claiming';
      this.#resources.take(node.task.resources);
      claims.push(claimOf(task));
    }
    return claims;
  }

  async #exchange(claims: readonly ClaimRequest[]): Promise<void> {
    const { state, worker, leaseMs, limits, clock } = this.#options;
    const ended = this.#ended;
    this.#ended = [];
    try {
      const ends = ended.map(({ result }) => result.end);
      const answer = await state.exchange({ runId: this.#runId, worker, leaseMs, limits, ends, claims });
      this.#stateFailures = 0;
      const refused = new Set(answer.refused);
      for (const one of ended) this.#settle(one, refused.has(one.running.token));
      for (const claim of answer.claims) await this.#begin(claim);
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
      for (const claim of claims) {
        const task = this.#task(claim.taskId);
        this.#resources.giveBack(task.node.task.resources);
        this.#makeReady(task);
      }
      await clock.sleep(stateRetryMs);
    }
  }

  async #begin(claim: Claim): Promise<void> {
    const task = this.#task(claim.taskId);
    const { node } = task;
    const { clock, state, pollMs, graceMs, log } = this.#options;
    if (claim.status !== 'claimed') this.#resources.giveBack(node.task.resources);
    switch (claim.status) {
      case 'claimed':
        break;
      case 'held':
        if (!task.wasHeld) this.#emit({ type: 'waiting', taskId: node.id, worker: claim.worker });
        task.wasHeld = true;
        return this.#rest(task, pollMs);
      case 'busy':
        this.#parked.set(resourceKey(node), { sinceMs: clock.now(), untilMs: clock.now() + pollMs });
        return this.#makeReady(task);
      case 'marked':
        return this.#succeed(task, 'present', 0, {});
      case 'refused':
        task.status = 'waiting';
        return;
    }
    task.after = [];
    task.attempts += 1;
    task.status = 'running';
    const running = startAttempt({
      node,
      token: claim.token,
      attempt: task.attempts,
      lookFirst: !node.forced && node.target.marker === undefined,
      clock,
      log: log.child({ task: node.id, token: claim.token }),
      graceMs,
      progress: (done, total, unit) => this.#emit({ type: 'progress', taskId: node.id, done, total, unit }),
      holds: async () => await state.holds(claim.token),
    });
    this.#running.set(claim.token, running);
    this.#emit({ type: 'started', taskId: node.id, attempt: task.attempts, token: claim.token });
    if (this.#options.signal?.aborted === true) running.abort(new OctavoError('cancelled', node.id));
    void this.#collect(running);
  }

  async #collect(running: RunningAttempt): Promise<void> {
    const result = await running.ended;
    this.#running.delete(running.token);
    this.#sayings.forget(running.token);
    this.#resources.giveBack(running.node.task.resources);
    this.#parked.clear();
    this.#ended.push({ running, result });
    this.#alarm.wake();
  }

  /** Draws the consequences of an attempt whose end is on the disk, or was refused. */
  #settle({ running, result }: Ended, refused: boolean): void {
    const task = this.#task(running.node.id);
    if (refused) {
      this.#emit({ type: 'lease-lost', taskId: task.node.id, token: running.token });
      count('octavo_batch_leases_lost_total');
      if (task.status === 'done') this.#takeBack(task, running.token);
      task.attempts -= 1;
      return this.#rest(task, this.#options.pollMs);
    }
    count('octavo_batch_attempts_total', { outcome: result.end.outcome });
    observe('octavo_batch_attempt_seconds', result.seconds);
    if (result.error === undefined) {
      this.#releaseDependents(task, running.token);
      const outcome = result.end.outcome === 'present' ? 'present' : 'succeeded';
      return this.#succeed(task, outcome, result.seconds, result.end.counts ?? {});
    }
    if (result.end.outcome === 'cancelled') return this.#rest(task, 0);
    const { code, message } = result.error;
    const about = { taskId: task.node.id, attempt: task.attempts, code, message };
    if (result.retryable && task.attempts <= task.node.task.retries) {
      const waitMs = retryDelayMs(task.attempts, this.#options.random, this.#options.retryDelaysMs);
      count('octavo_batch_retries_total');
      this.#emit({ type: 'retry', ...about, waitMs });
      return this.#rest(task, waitMs);
    }
    this.#emit({ type: 'failed', ...about });
    this.#fail(task, { taskId: task.node.id, attempts: task.attempts, code, message });
  }

  #succeed(
    task: Progress,
    outcome: 'succeeded' | 'present',
    seconds: number,
    counts: Readonly<Record<string, number>>,
  ): void {
    this.#releaseDependents(task);
    this.#open -= 1;
    if (outcome === 'present') this.#present += 1;
    else this.#succeeded += 1;
    this.#emit({ type: 'finished', taskId: task.node.id, outcome, seconds, counts });
  }

  #releaseDependents(task: Progress, token?: number): void {
    if (task.status === 'done') return;
    task.status = 'done';
    for (const id of task.node.neededBy) {
      const dependent = this.#task(id);
      dependent.pending -= 1;
      if (token !== undefined) dependent.after.push(token);
      if (dependent.pending === 0 && dependent.status === 'waiting') this.#makeReady(dependent);
    }
  }

  /** The end that released the dependents was refused: they wait again. None of them can have been given a lease. */
  #takeBack(task: Progress, token: number): void {
    for (const id of task.node.neededBy) {
      const dependent = this.#task(id);
      dependent.pending += 1;
      dependent.after = dependent.after.filter((one) => one !== token);
      if (dependent.status === 'ready') dependent.status = 'waiting';
    }
  }

  #fail(task: Progress, failure: TaskFailure): void {
    task.status = 'failed';
    this.#open -= 1;
    this.#failures.push(failure);
    const behind = [...task.node.neededBy];
    for (let id = behind.pop(); id !== undefined; id = behind.pop()) {
      const dependent = this.#task(id);
      if (dependent.status !== 'waiting') continue;
      dependent.status = 'blocked';
      this.#open -= 1;
      this.#blocked.push({ taskId: id, by: task.node.id });
      this.#emit({ type: 'blocked', taskId: id, by: task.node.id });
      behind.push(...dependent.node.neededBy);
    }
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

  #nextDueMs(): number {
    if (this.#running.size + this.#resting.length + this.#parked.size === 0) {
      throw new OctavoError('internal', `run ${this.#runId}: ${this.#open} tasks wait for nothing`);
    }
    let dueMs = this.#beatMs;
    for (const { pause } of this.#resting) dueMs = Math.min(dueMs, pause.untilMs);
    for (const pause of this.#parked.values()) dueMs = Math.min(dueMs, pause.untilMs);
    for (const running of this.#running.values()) {
      if (!running.aborted()) dueMs = Math.min(dueMs, running.startedMs + running.node.task.timeoutMs);
    }
    return dueMs;
  }

  #wakeResting(): void {
    if (this.#resting.length === 0) return;
    const nowMs = this.#options.clock.now();
    const due = this.#resting.filter(({ pause }) => isOver(pause, nowMs));
    if (due.length === 0) return;
    this.#resting = this.#resting.filter(({ pause }) => !isOver(pause, nowMs));
    for (const { task } of due) this.#makeReady(task);
  }

  #rest(task: Progress, waitMs: number): void {
    task.status = 'resting';
    const nowMs = this.#options.clock.now();
    this.#resting.push({ task, pause: { sinceMs: nowMs, untilMs: nowMs + waitMs } });
  }

  #makeReady(task: Progress): void {
    task.status = 'ready';
    this.#ready.add(task.node);
  }

  #abortAll(error: OctavoError): void {
    for (const running of this.#running.values()) running.abort(error);
    this.#alarm.wake();
  }

  #task(id: string): Progress {
    return this.#tasks.get(id) as Progress;
  }

  async #close(startedMs: number): Promise<RunResult> {
    const { state, clock } = this.#options;
    const cancelled = this.#open > 0;
    const outcome = cancelled ? 'cancelled' : this.#failures.length > 0 ? 'failed' : 'succeeded';
    const result: RunResult = {
      runId: this.#runId,
      outcome,
      succeeded: this.#succeeded,
      present: this.#present,
      failed: this.#failures,
      blocked: this.#blocked,
      startedMs,
      finishedMs: clock.now(),
    };
    const counts = {
      succeeded: this.#succeeded,
      present: this.#present,
      failed: this.#failures.length,
      blocked: this.#blocked.length,
      left: this.#open,
    };
    await state.closeRun(this.#runId, outcome, counts);
    this.#emit({ type: 'run-finished', result });
    return result;
  }
}
