import { hasCode, OctavoError, silentLogger, toOctavoError } from '../base/index.ts';
import { type Plan } from './graph.ts';
import { bodyOf, requestFrom } from './kept-request.ts';
import { type Registry } from './registry.ts';
import { type RunEvent, type TaskFailure } from './run-events.ts';
import { planGoals } from './run-goals.ts';
import { type RunOptions } from './run-options.ts';
import { runPlan } from './runner.ts';
import { type RunOutcome } from './state-port.ts';
import { type TaskRef } from './task.ts';

/** A wish of somebody to have goals made now. */
export interface RunRequest {
  readonly goals: readonly TaskRef[];
  /** The goals run though their targets exist. Default false. */
  readonly force?: boolean;
  readonly askedBy: string;
}

/** A run that somebody asked for. Instants are epoch milliseconds. */
export interface RequestedRun {
  /** Unique among all requests of the batch state. */
  readonly id: number;
  readonly goals: readonly string[];
  readonly force: boolean;
  readonly askedBy: string | undefined;
  readonly askedMs: number;
  /** `waiting` behind another one. */
  readonly state: 'waiting' | 'running' | RunOutcome;
  /** Undefined until it runs. */
  readonly runId: number | undefined;
  /** Tasks that it runs, and how many of them have ended. */
  readonly tasks: number;
  readonly done: number;
  readonly failed: readonly TaskFailure[];
  readonly finishedMs: number | undefined;
}

/** What became of a wish: its run, or the one that makes the same already. */
export interface AskedRun {
  readonly run: RequestedRun;
  readonly already: boolean;
}

/**
 * Takes wishes for runs in the process that works, and runs them one after another, beside the day's cycle. They are kept in the
 * batch state: what waits or runs when the process ends is taken up by the next one.
 */
export interface RunDesk {
  /** Begins to run what is asked for, until the signal aborts; resolves when the last run has ended. */
  work(signal: AbortSignal): Promise<void>;
  /**
   * Plans the goals and puts them in line. Whoever asks again gets the run that is going. Errors: `runs_not_taken`,
   * `runs_too_many`, `task_done` when there is nothing to do, those of planning and of `refuse`.
   */
  ask(request: RunRequest): Promise<AskedRun>;
  /** Whether it works. */
  takes(): boolean;
  /** What asking would run. Errors: those of `ask`. */
  plan(request: Omit<RunRequest, 'askedBy'>): Promise<Plan>;
  /** Ends a run that was asked for. Errors: `run_not_found`. */
  stop(id: number): Promise<RequestedRun>;
  /** Asks for the end of any run, also of the schedule or another process. Errors: `run_not_found`. */
  stopRun(runId: number, askedBy: string): Promise<void>;
  /** Those that wait or run, and the last that ended; newest first. */
  runs(): readonly RequestedRun[];
}

/** What the desk runs plans with. */
export interface RunDeskOptions extends Omit<RunOptions, 'plan' | 'key' | 'askedBy' | 'signal' | 'onEvent'> {
  readonly registry: Registry;
  /** Throws for plans that may not be run now. */
  readonly refuse?: (plan: Plan) => void;
}

interface Entry {
  run: RequestedRun;
  readonly key: string;
  readonly refs: readonly TaskRef[];
  readonly controller: AbortController;
  /** Undefined of one that was taken up: it is planned when it runs. */
  readonly planned: Promise<Plan> | undefined;
  /** It is planned and kept. */
  ready: Promise<void>;
}

/** Runs that wait. */
const waitingMax = 50;
/** Runs that are remembered after their end. */
const endedMax = 20;

/** Makes the desk; it takes nothing until it works. */
export function createRunDesk(options: RunDeskOptions): RunDesk {
  return new Desk(options);
}

class Desk implements RunDesk {
  readonly #options: RunDeskOptions;
  #entries: readonly Entry[] = [];
  #signal: AbortSignal | undefined;
  #line: Promise<void> = Promise.resolve();
  /** What an earlier process left has been taken up. */
  #takenUp: Promise<void> = Promise.resolve();

  constructor(options: RunDeskOptions) {
    this.#options = options;
  }

  async work(signal: AbortSignal): Promise<void> {
    this.#signal = signal;
    this.#takenUp = this.#takeUp();
    await this.#takenUp;
    if (!signal.aborted)
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    for (const { run, controller } of this.#entries) if (isOpen(run)) controller.abort(signal.reason);
    await this.#line;
  }

  async ask(request: RunRequest): Promise<AskedRun> {
    if (!this.takes()) throw new OctavoError('runs_not_taken');
    await this.#takenUp;
    const { state, registry, clock, log = silentLogger } = this.#options;
    const goals = request.goals.map((goal) => registry.resolve(goal).id);
    const force = request.force ?? false;
    const key = JSON.stringify(goals.toSorted());
    const going = this.#going(key);
    if (going !== undefined) return await going;
    const held =
      goals.length === 1 ? (await state.running()).find(({ taskId }) => taskId === goals[0]) : undefined;
    if (held !== undefined) {
      const { runId, startedMs, taskId } = held;
      const run = { id: 0, goals: [taskId], force: false, askedBy: undefined, askedMs: startedMs };
      const stands = { tasks: 1, done: 0, failed: [], finishedMs: undefined };
      return { run: { ...run, ...stands, state: 'running', runId }, already: true };
    }
    // While the state was looked at, somebody may have asked for the same.
    const rival = this.#going(key);
    if (rival !== undefined) return await rival;
    if (this.#entries.filter(({ run }) => isOpen(run)).length >= waitingMax)
      throw new OctavoError('runs_too_many', `${waitingMax} wait already`);
    const entry: Entry = {
      key,
      refs: request.goals,
      controller: new AbortController(),
      planned: this.plan(request),
      ready: Promise.resolve(),
      run: {
        id: 0,
        goals,
        force,
        askedBy: request.askedBy,
        askedMs: clock.now(),
        state: 'waiting',
        runId: undefined,
        tasks: 0,
        done: 0,
        failed: [],
        finishedMs: undefined,
      },
    };
    this.#entries = [entry, ...this.#entries];
    try {
      entry.ready = this.#keepNew(entry);
      await entry.ready;
    } catch (error) {
      this.#entries = this.#entries.filter((one) => one !== entry);
      throw error;
    }
    log.info('a run was asked for', {
      goals: goals.length === 1 ? goals[0] : goals.length,
      force,
      by: request.askedBy,
    });
    this.#line = this.#line.then(() => this.#execute(entry));
    return { run: entry.run, already: false };
  }

  async plan({ goals, force = false }: Omit<RunRequest, 'askedBy'>): Promise<Plan> {
    const { registry, state, refuse } = this.#options;
    const plan = await planGoals({ registry, state, force }, goals);
    refuse?.(plan);
    const open = plan.goals.some((id) => plan.nodes.get(id)?.done === false);
    if (!open) throw new OctavoError('task_done', plan.goals.length === 1 ? `'${plan.goals[0]}'` : '');
    return plan;
  }

  takes(): boolean {
    return this.#signal?.aborted === false;
  }

  async stop(id: number): Promise<RequestedRun> {
    const entry = this.#entries.find(({ run }) => run.id === id);
    if (entry === undefined || !isOpen(entry.run)) throw new OctavoError('run_not_found', `run ${id}`);
    entry.controller.abort(new OctavoError('cancelled', `run ${id} was stopped`));
    if (entry.run.state === 'waiting') this.#end(entry, 'cancelled');
    // Should the process end before the run has, it is not to be taken up again.
    await this.#keep(entry, false);
    return entry.run;
  }

  async stopRun(runId: number, askedBy: string): Promise<void> {
    const { state, log = silentLogger } = this.#options;
    const own = this.#entries.find(({ run }) => run.runId === runId && isOpen(run));
    if (own !== undefined) await this.stop(own.run.id);
    else if (!(await state.askToStop(runId, askedBy)))
      throw new OctavoError('run_not_found', `run ${runId} has ended, or there was none`);
    log.info('a run is to be stopped', { run: runId, by: askedBy });
  }

  runs(): readonly RequestedRun[] {
    return this.#entries.map(({ run }) => run);
  }

  /** The open run of the same goals; answered without a pause when there is none. */
  #going(key: string): Promise<AskedRun> | undefined {
    const entry = this.#entries.find((one) => one.key === key && isOpen(one.run));
    return entry?.ready.then(() => ({ run: entry.run, already: true }));
  }

  async #keepNew(entry: Entry): Promise<void> {
    const plan = await entry.planned;
    if (plan !== undefined)
      this.#change(entry, { tasks: [...plan.nodes.values()].filter((node) => !node.done).length });
    this.#change(entry, { id: await this.#options.state.addRequest(bodyOf(entry)) });
  }

  async #keep(entry: Entry, open = isOpen(entry.run)): Promise<void> {
    const { state, log = silentLogger } = this.#options;
    try {
      await state.changeRequest({ requestId: entry.run.id, open, body: bodyOf(entry) });
    } catch (error) {
      log.warn('how a run that was asked for stands could not be kept', { error });
    }
  }

  /** What an earlier process left open comes first, in the order in which it was asked for. */
  async #takeUp(): Promise<void> {
    const { state, log = silentLogger } = this.#options;
    try {
      const kept = await state.requests(endedMax);
      this.#entries = kept.map((record): Entry => {
        const { refs, run } = requestFrom(record);
        return {
          key: JSON.stringify([...run.goals].toSorted()),
          refs,
          controller: new AbortController(),
          planned: undefined,
          ready: Promise.resolve(),
          run: record.open
            ? { ...run, state: 'waiting', done: 0 }
            : isOpen(run)
              ? { ...run, state: 'cancelled' }
              : run,
        };
      });
      const open = this.#entries.filter(({ run }) => isOpen(run)).toReversed();
      if (open.length > 0) log.info('runs that were asked for before are taken up', { runs: open.length });
      for (const entry of open) this.#line = this.#line.then(() => this.#execute(entry));
    } catch (error) {
      log.error('runs that were asked for before could not be read', { error });
    }
  }

  /** The plan of a run; undefined when an earlier process has left nothing of it. */
  async #planOf(entry: Entry): Promise<Plan | undefined> {
    if (entry.planned !== undefined) return await entry.planned;
    const { state, registry } = this.#options;
    const { runId, force } = entry.run;
    const made = force && runId !== undefined ? await state.succeededIn(runId) : new Set<string>();
    const goals = entry.refs.filter((ref) => !made.has(registry.resolve(ref).id));
    try {
      return goals.length === 0 ? undefined : await this.plan({ goals, force });
    } catch (error) {
      if (hasCode(error, 'task_done')) return undefined;
      throw error;
    }
  }

  async #execute(entry: Entry): Promise<void> {
    const { registry: _registry, refuse: _refuse, ...runner } = this.#options;
    if (entry.controller.signal.aborted) return this.#end(entry, 'cancelled');
    try {
      const plan = await this.#planOf(entry);
      if (plan === undefined) return this.#end(entry, 'succeeded');
      const result = await runPlan({
        ...runner,
        plan,
        key: `asked:${entry.key}`,
        askedBy: entry.run.askedBy ?? '',
        signal: entry.controller.signal,
        onEvent: (event) => this.#hear(entry, event),
      });
      this.#change(entry, { failed: result.failed });
      this.#end(entry, result.outcome);
    } catch (thrown) {
      const { code, message } = toOctavoError(thrown);
      this.#options.log?.error('a run that was asked for could not go on', { error: message });
      this.#change(entry, { failed: [{ taskId: entry.run.goals[0] ?? '', attempts: 0, code, message }] });
      this.#end(entry, 'failed');
    }
  }

  #hear(entry: Entry, event: RunEvent): void {
    if (event.type === 'run-started') {
      this.#change(entry, { state: 'running', runId: event.runId });
      void this.#keep(entry);
    }
    if (event.type === 'finished' || event.type === 'failed' || event.type === 'blocked')
      this.#change(entry, { done: entry.run.done + 1 });
  }

  #end(entry: Entry, state: RunOutcome): void {
    if (!isOpen(entry.run)) return;
    this.#change(entry, { state, finishedMs: this.#options.clock.now() });
    // What ends because the process does stays open for the next one.
    if (state !== 'cancelled' || this.takes()) void this.#keep(entry);
    const ended = this.#entries.filter(({ run }) => !isOpen(run)).slice(endedMax);
    this.#entries = this.#entries.filter((one) => !ended.includes(one));
  }

  #change(entry: Entry, change: Partial<RequestedRun>): void {
    entry.run = { ...entry.run, ...change };
  }
}

function isOpen({ state }: RequestedRun): boolean {
  return state === 'waiting' || state === 'running';
}
