import { type Clock, type Logger, type Random } from '../base/index.ts';
import { type Plan } from './graph.ts';
import { type RunEvent } from './run-events.ts';
import { type BatchState } from './state-port.ts';

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
