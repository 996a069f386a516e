import { type Clock } from '../base/index.ts';
import { type BatchState } from './state-port.ts';

/**
 * What befalls a process at its n-th call of the state (1 is the first): it dies right before or right after
 * the call's transaction, or that call and the two that follow take longer than a lease.
 */
export interface Disturbance {
  readonly call: number;
  readonly what: 'dies-before' | 'dies-after' | 'slow';
}

/** A process's view of a batch state. */
export interface DisturbedState {
  readonly state: BatchState;
  /** Whether the process is dead; then nothing it does reaches anything. */
  readonly dead: () => boolean;
  /** Calls so far. */
  readonly calls: () => number;
}

const slowCalls = 3;
const slowMs = 15_000;

/** A batch state over another one, as a process sees it whom the disturbance befalls. */
export function disturbedState(inner: BatchState, clock: Clock, { call, what }: Disturbance): DisturbedState {
  let calls = 0;
  let dead = false;
  const state = new Proxy(inner, {
    get: (_inner, name: keyof BatchState) => {
      const method = inner[name].bind(inner) as (...given: readonly unknown[]) => Promise<unknown>;
      return async (...given: readonly unknown[]) => {
        calls += 1;
        if (what === 'slow' && calls >= call && calls < call + slowCalls) await clock.sleep(slowMs);
        if (what !== 'slow' && calls === call) {
          dead = true;
          if (what === 'dies-after') await method(...given);
        }
        if (dead) throw new Error('the process is dead');
        return await method(...given);
      };
    },
  });
  return { state, dead: () => dead, calls: () => calls };
}
