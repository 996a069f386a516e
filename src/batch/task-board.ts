import { type Random } from '../base/index.ts';
import { type PlanNode } from './graph.ts';
import { claimOf, isOver, isSuccess, type Ended, type Pause, type Progress } from './progress.ts';
import { ReadyQueue, resourceKey } from './ready-queue.ts';
import { createResourcePool, type ResourcePool } from './resource-pool.ts';
import { retryDelayMs } from './retry.ts';
import { type RunEvent, type TaskFailure } from './run-events.ts';
import { type RunOptions } from './run-options.ts';
import { type Claim, type ClaimRequest } from './state-port.ts';

/** What a board decides by. */
export interface TaskBoardOptions extends Pick<RunOptions, 'plan' | 'retryDelaysMs'> {
  readonly limits: Readonly<Record<string, number>>;
  readonly random: Random;
  readonly pollMs: number;
  /** Forced tasks that this run has made before it was killed. */
  readonly forcedBefore: ReadonlySet<string>;
  readonly emit: (event: RunEvent) => void;
}

/**
 * Which tasks of a plan may run, and what follows from how they ended. It decides and does nothing: the time is given to
 * it, and who runs the tasks tells it what became of them.
 */
export class TaskBoard {
  readonly #options: TaskBoardOptions;
  readonly #tasks = new Map<string, Progress>();
  readonly #ready = new ReadyQueue();
  readonly #resources: ResourcePool;
  /** Resource keys that other processes use up, and when to ask again. */
  readonly #parked = new Map<string, Pause>();
  #resting: { readonly task: Progress; readonly pause: Pause }[] = [];
  #open = 0;
  #succeeded = 0;
  #present = 0;
  readonly #failed: TaskFailure[] = [];
  readonly #blocked: { readonly taskId: string; readonly by: string }[] = [];

  constructor(options: TaskBoardOptions) {
    this.#options = options;
    this.#resources = createResourcePool(options.limits);
    for (const node of options.plan.nodes.values()) {
      const done = node.done || (node.forced && options.forcedBefore.has(node.id));
      const status = done ? 'done' : 'waiting';
      this.#tasks.set(node.id, { node, status, pending: 0, attempts: 0, after: [], wasHeld: false });
      if (done) this.#present += 1;
      else this.#open += 1;
    }
    for (const task of this.#tasks.values()) {
      if (task.status === 'done') continue;
      task.pending = task.node.needs.filter((need) => this.#task(need).status !== 'done').length;
      if (task.pending === 0) this.#makeReady(task);
    }
  }

  /** Tasks that have not ended. */
  get open(): number {
    return this.#open;
  }

  get succeeded(): number {
    return this.#succeeded;
  }

  /** Tasks whose target was there. */
  get present(): number {
    return this.#present;
  }

  get failed(): readonly TaskFailure[] {
    return this.#failed;
  }

  get blocked(): readonly { readonly taskId: string; readonly by: string }[] {
    return this.#blocked;
  }

  /** Takes from the ready tasks as many as there is room for; successes not yet recorded count as done. */
  take(ended: readonly Ended[], nowMs: number, room: number): readonly ClaimRequest[] {
    for (const { running, result } of ended) {
      const task = this.#task(running.node.id);
      if (isSuccess(result) && task.status === 'running') this.#releaseDependents(task, running.token);
    }
    for (const [key, pause] of this.#parked) if (isOver(pause, nowMs)) this.#parked.delete(key);
    const claims: ClaimRequest[] = [];
    while (claims.length < room) {
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

  /** The claims could not be asked for. */
  putBack(claims: readonly ClaimRequest[]): void {
    for (const { taskId } of claims) {
      const task = this.#task(taskId);
      this.#resources.giveBack(task.node.task.resources);
      this.#makeReady(task);
    }
  }

  /** What the state says of a claim; gives the task when it is to be started, with the number of its attempt. */
  answer(claim: Claim, nowMs: number): { readonly node: PlanNode; readonly attempt: number } | undefined {
    const task = this.#task(claim.taskId);
    const { node } = task;
    const { emit, pollMs } = this.#options;
    if (claim.status === 'claimed') {
      task.after = [];
      task.attempts += 1;
      task.status = 'running';
      return { node, attempt: task.attempts };
    }
    this.#resources.giveBack(node.task.resources);
    if (claim.status === 'held') {
      if (!task.wasHeld) emit({ type: 'waiting', taskId: node.id, worker: claim.worker });
      task.wasHeld = true;
      this.#rest(task, nowMs, pollMs);
    } else if (claim.status === 'busy') {
      this.#parked.set(resourceKey(node), { sinceMs: nowMs, untilMs: nowMs + pollMs });
      this.#makeReady(task);
    } else if (claim.status === 'marked') this.#succeed(task, 'present', 0, {});
    else task.status = 'waiting';
    return undefined;
  }

  /** An attempt no longer uses what its task holds. */
  release(node: PlanNode): void {
    this.#resources.giveBack(node.task.resources);
    this.#parked.clear();
  }

  /** Draws the consequences of an attempt whose end is on the disk, or was refused. */
  settle({ running, result }: Ended, refused: boolean, nowMs: number): void {
    const task = this.#task(running.node.id);
    const { emit, random, retryDelaysMs, pollMs } = this.#options;
    if (refused) {
      emit({ type: 'lease-lost', taskId: task.node.id, token: running.token });
      if (task.status === 'done') this.#takeBack(task, running.token);
      task.attempts -= 1;
      return this.#rest(task, nowMs, pollMs);
    }
    if (result.error === undefined) {
      this.#releaseDependents(task, running.token);
      const outcome = result.end.outcome === 'present' ? 'present' : 'succeeded';
      return this.#succeed(task, outcome, result.seconds, result.end.counts ?? {});
    }
    if (result.end.outcome === 'cancelled') return this.#rest(task, nowMs, 0);
    const { code, message } = result.error;
    const about = { taskId: task.node.id, attempt: task.attempts, code, message };
    if (result.retryable && task.attempts <= task.node.task.retries) {
      const waitMs = retryDelayMs(task.attempts, random, retryDelaysMs);
      emit({ type: 'retry', ...about, waitMs });
      return this.#rest(task, nowMs, waitMs);
    }
    emit({ type: 'failed', ...about });
    this.#fail(task, { taskId: task.node.id, attempts: task.attempts, code, message });
  }

  /** Lets tasks whose pause is over be taken again. */
  wake(nowMs: number): void {
    const due = this.#resting.filter(({ pause }) => isOver(pause, nowMs));
    if (due.length === 0) return;
    this.#resting = this.#resting.filter(({ pause }) => !isOver(pause, nowMs));
    for (const { task } of due) this.#makeReady(task);
  }

  /** When the next pause is over; undefined when nothing pauses. */
  nextDueMs(): number | undefined {
    const pauses = [...this.#resting.map(({ pause }) => pause), ...this.#parked.values()];
    if (pauses.length === 0) return undefined;
    return pauses.reduce((least, { untilMs }) => Math.min(least, untilMs), Infinity);
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
    this.#options.emit({ type: 'finished', taskId: task.node.id, outcome, seconds, counts });
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
    this.#failed.push(failure);
    const behind = [...task.node.neededBy];
    for (let id = behind.pop(); id !== undefined; id = behind.pop()) {
      const dependent = this.#task(id);
      if (dependent.status !== 'waiting') continue;
      dependent.status = 'blocked';
      this.#open -= 1;
      this.#blocked.push({ taskId: id, by: task.node.id });
      this.#options.emit({ type: 'blocked', taskId: id, by: task.node.id });
      behind.push(...dependent.node.neededBy);
    }
  }

  #rest(task: Progress, nowMs: number, waitMs: number): void {
    task.status = 'resting';
    this.#resting.push({ task, pause: { sinceMs: nowMs, untilMs: nowMs + waitMs } });
  }

  #makeReady(task: Progress): void {
    task.status = 'ready';
    this.#ready.add(task.node);
  }

  #task(id: string): Progress {
    return this.#tasks.get(id) as Progress;
  }
}
