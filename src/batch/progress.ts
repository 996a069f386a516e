import { type AttemptResult, type RunningAttempt } from './attempt.ts';
import { type PlanNode } from './graph.ts';
import { type ClaimRequest } from './state-port.ts';

type Status = 'waiting' | 'ready' | 'claiming' | 'running' | 'resting' | 'done' | 'failed' | 'blocked';

/** What a run knows of one task. */
export interface Progress {
  readonly node: PlanNode;
  status: Status;
  /** Needs that are not done yet. */
  pending: number;
  /** Attempts made in this run. */
  attempts: number;
  /** Tokens of needs whose success is in the exchange to come. */
  after: number[];
  wasHeld: boolean;
}

/** Epoch milliseconds. A clock that stands before the beginning was set back: the pause is over. */
export interface Pause {
  readonly sinceMs: number;
  readonly untilMs: number;
}

/** An attempt whose end is not on the disk yet. */
export interface Ended {
  readonly running: Pick<RunningAttempt, 'node' | 'token'>;
  readonly result: AttemptResult;
}

/** Whether the time of a pause is up. */
export function isOver({ sinceMs, untilMs }: Pause, nowMs: number): boolean {
  return nowMs >= untilMs || nowMs < sinceMs;
}

/** Whether the target is there now, made by this attempt or found. */
export function isSuccess(result: AttemptResult): boolean {
  return result.error === undefined;
}

/** What the state is asked for so that a task may run. */
export function claimOf(task: Progress): ClaimRequest {
  const { node, attempts, after } = task;
  const resources = node.task.resources;
  return {
    taskId: node.id,
    attempt: attempts + 1,
    ...(node.target.marker === undefined || node.forced ? {} : { marker: node.target.marker }),
    ...(Object.keys(resources).length === 0 ? {} : { resources }),
    ...(after.length === 0 ? {} : { after }),
  };
}
