import { setTimeout as delay } from 'node:timers/promises';
import { uuidv7, type Random } from '../../src/base/index.ts';
import type { EventInput } from '../../src/event/index.ts';
import type { Oracle } from './story.ts';

/** A client that sends events until it is told to stop, each until it is acknowledged. */
export interface Sender {
  readonly oracle: Oracle;
  /** Answers that were given, and what they counted. */
  readonly answers: readonly Counted[];
  /** Requests that were answered 503. */
  readonly refused: number;
  /** Sends what is in hand until it is acknowledged, then ends. Errors: when that takes minutes. */
  stop(): Promise<void>;
  /** Sends nothing more. */
  abandon(): void;
}

/** What one answer says. */
export interface Counted {
  readonly received: number;
  readonly accepted: number;
  readonly duplicates: number;
  readonly failed: number;
}

const requestsAtOnce = 2;
const lastMaxMs = 180_000;
const eventsMax = 30;

/** Starts to send copies of the templates with new ids, of now and of the given earlier instants. */
export function startSender(options: {
  readonly templates: readonly EventInput[];
  readonly earlierMs: readonly number[];
  readonly random: Random;
  readonly nowMs: () => number;
  readonly key: string;
  /** Where the service is now; undefined while it is down. */
  readonly url: () => string | undefined;
}): Sender {
  const { random, nowMs } = options;
  const answers: Counted[] = [];
  const oracle = {
    acknowledged: new Map<string, string>(),
    events: [] as EventInput[],
    invalid: [] as EventInput[],
  };
  const state = { stopping: false, abandoned: false, refused: 0 };
  const make = (): EventInput => {
    const atMs = random.below(3) > 0 ? nowMs() : random.pick(options.earlierMs);
    const event = {
      ...random.pick(options.templates),
      id: uuidv7({ nowMs: nowMs(), next: () => random.next() }),
      occurred_at: new Date(atMs).toISOString(),
    };
    if (random.below(50) > 0) {
      oracle.events.push(event);
      return event;
    }
    const broken = { ...event, kind: 'No Kind' };
    oracle.invalid.push(broken);
    return broken;
  };
  const sendOnce = async (body: string): Promise<boolean> => {
    const url = options.url();
    if (url === undefined) return false;
    try {
      const response = await fetch(`${url}/v1/events`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${options.key}`,
          connection: 'close',
        },
        body,
        signal: AbortSignal.timeout(10_000),
      });
      if (response.status === 503) {
        state.refused += 1;
        return false;
      }
      const answer = (await response.json()) as Counted & {
        readonly results: readonly { readonly id: string; readonly status: string }[];
      };
      if (response.status !== 200) throw new SenderError(`${response.status} ${JSON.stringify(answer)}`);
      for (const { id, status } of answer.results) oracle.acknowledged.set(id, status);
      answers.push(answer);
      return true;
    } catch (error) {
      if (error instanceof SenderError) throw error;
      return false;
    }
  };
  const work = async (): Promise<void> => {
    while (!state.stopping) {
      const events = Array.from({ length: 1 + random.below(eventsMax) }, make);
      const body = JSON.stringify({ events });
      while (!state.abandoned && !(await sendOnce(body))) await delay(20);
      // Some clients send a second time what they could have known to be there.
      if (random.below(10) === 0) await sendOnce(body);
      await delay(random.below(100));
    }
  };
  const working = Promise.all(Array.from({ length: requestsAtOnce }, work));
  working.catch(() => undefined);
  return {
    oracle,
    answers,
    get refused() {
      return state.refused;
    },
    stop: async () => {
      state.stopping = true;
      const late = setTimeout(() => {
        state.abandoned = true;
      }, lastMaxMs);
      await working;
      clearTimeout(late);
      if (state.abandoned) throw new SenderError(`events are not acknowledged within ${lastMaxMs / 1000} s`);
    },
    abandon: () => {
      [state.stopping, state.abandoned] = [true, true];
    },
  };
}

/** Resolves when so many more events were acknowledged. Errors: when that takes minutes. */
export async function acknowledges(sender: Sender, more: number): Promise<void> {
  const wanted = sender.oracle.acknowledged.size + more;
  const deadlineMs = performance.now() + lastMaxMs;
  while (sender.oracle.acknowledged.size < wanted) {
    if (performance.now() > deadlineMs) throw new SenderError('nothing is acknowledged');
    await delay(50);
  }
}

class SenderError extends Error {}
