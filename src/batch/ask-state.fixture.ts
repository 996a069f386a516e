import assert from 'node:assert/strict';
import { type ManualClock } from '../base/index.ts';
import {
  type AttemptEnd,
  type BatchState,
  type Claim,
  type ClaimRequest,
  type ExchangeResult,
} from './state-port.ts';

/** What a backend gives to its contract test. */
export interface StateUnderTest {
  readonly state: BatchState;
  /** A second state over the same data, as another process would have it. */
  readonly other: BatchState;
  /** The clock of both. */
  readonly clock: ManualClock;
  close(): Promise<void>;
}

/** Makes a test of a sentence, with a state of its own. */
export type CheckState = (sentence: string, run: (under: StateUnderTest) => Promise<void>) => void;

export const leaseMs = 10_000;

export async function run(state: BatchState): Promise<number> {
  return (await state.openRun({ goals: ['a'], worker: 'one', leaseMs })).runId;
}

export function ask(request: { readonly taskId: string } & Partial<ClaimRequest>): ClaimRequest {
  return { attempt: 1, ...request };
}

export async function exchange(
  state: BatchState,
  runId: number,
  what: {
    readonly ends?: readonly AttemptEnd[];
    readonly claims?: readonly ClaimRequest[];
    readonly limits?: Readonly<Record<string, number>>;
    readonly worker?: string;
  },
): Promise<ExchangeResult> {
  return await state.exchange({ runId, worker: 'one', leaseMs, ends: [], claims: [], limits: {}, ...what });
}

export async function claim(
  state: BatchState,
  runId: number,
  request: { readonly taskId: string } & Partial<ClaimRequest>,
  worker = 'one',
): Promise<Claim> {
  return (await exchange(state, runId, { claims: [ask(request)], worker })).claims[0] as Claim;
}

export function granted(given: Claim | undefined): number {
  assert.ok(given?.status === 'claimed', `the claim is ${given?.status}`);
  return given.token;
}

export function statuses({ claims }: ExchangeResult): readonly string[] {
  return claims.map(({ status }) => status);
}
