import { type RequestedRun } from './run-desk.ts';
import { type RequestRecord } from './state-port.ts';
import { type TaskRef } from './task.ts';

/** A request as it outlives its process. */
export interface KeptRequest {
  readonly refs: readonly TaskRef[];
  readonly run: RequestedRun;
}

/** The text that the state keeps. */
export function bodyOf({ refs, run }: KeptRequest): string {
  return JSON.stringify({ refs, run });
}

/** What the state kept. */
export function requestFrom({ requestId, body }: RequestRecord): KeptRequest {
  const { refs, run } = JSON.parse(body) as KeptRequest;
  // A text has no `undefined`.
  const { askedBy, runId, finishedMs } = run;
  return { refs, run: { ...run, id: requestId, askedBy, runId, finishedMs } };
}
