import assert from 'node:assert/strict';
import { runDueDays } from '../../src/batch/index.ts';
import { systemClock, uuidv7, seededRandom, type Clock } from '../../src/base/index.ts';
import { runnerOf } from '../../src/cli/run-plan.ts';
import type { EventInput } from '../../src/event/index.ts';
import type { Life } from './life.ts';
import type { TestShop } from './shop.ts';

/** Time that goes on over every restart, and is moved by the story. */
export interface StoryClock extends Clock {
  /** Moves on to the instant; never back. */
  reach(instantMs: number): void;
}

export function storyClock(): StoryClock {
  const startedMs = performance.now();
  let offsetMs = 0;
  const elapsed = (): number => Math.floor(performance.now() - startedMs);
  return {
    now: () => offsetMs + elapsed(),
    sleep: systemClock.sleep,
    reach: (instantMs) => {
      offsetMs = Math.max(offsetMs, instantMs - elapsed());
    },
  };
}

/** What clients know: which events were acknowledged, and with what. */
export interface Oracle {
  readonly acknowledged: Map<string, string>;
  /** Every valid event that was ever to be sent. */
  readonly events: readonly EventInput[];
  /** Events that break a rule. */
  readonly invalid: readonly EventInput[];
}

/** One part of the story. It may be begun again after a crash, and does only what is missing. */
export type Chapter = (life: Life) => Promise<void>;

/**
 * Two business days of a shop: readers send while events are loaded; the first day is sealed and published; late
 * and repeated events of it come with the second day, which is published then.
 */
export function tellStory(
  shop: TestShop,
  clock: StoryClock,
): { readonly oracle: Oracle; readonly chapters: readonly Chapter[] } {
  const [first = [], second = []] = shop.events;
  const late = first.filter((_, index) => index % 20 === 7);
  const punctual = first.filter((event) => !late.includes(event));
  const invalid = makeInvalid(first);
  const oracle: Oracle = { acknowledged: new Map(), events: shop.events.flat(), invalid };
  const [firstEnd, secondEnd] = shop.days.map((day) => shop.calendar.intervalOf(day).endMs) as [
    number,
    number,
  ];
  return {
    oracle,
    chapters: [
      async (life) => {
        clock.reach(firstEnd - hourMs);
        await sendAll(life, oracle, [...punctual, ...invalid.slice(0, 2)]);
      },
      async (life) => {
        clock.reach(firstEnd + hourMs);
        await runDays(life, shop);
      },
      async (life) => {
        clock.reach(secondEnd - hourMs);
        await sendAll(life, oracle, [...second, ...late, ...invalid.slice(2)]);
        // A restarted collector remembers only what is still in its log; the loader knows all of them.
        await sendBatch(life, punctual.slice(0, 30), new Map());
      },
      async (life) => {
        clock.reach(secondEnd + hourMs);
        await runDays(life, shop);
      },
    ],
  };
}

function makeInvalid(events: readonly EventInput[]): readonly EventInput[] {
  const random = seededRandom('invalid');
  return events.slice(0, 5).map((event) => {
    const id = uuidv7({ nowMs: Date.parse(event.occurred_at), next: () => random.next() });
    return { ...event, id, kind: 'No Kind' };
  });
}

/** Sends what was not acknowledged yet, several requests at once, loading in between. */
async function sendAll(life: Life, oracle: Oracle, events: readonly EventInput[]): Promise<void> {
  const open = events.filter(({ id }) => !oracle.acknowledged.has(id));
  for (let from = 0; from < open.length; from += batchEvents * requestsAtOnce) {
    const batches = Array.from({ length: requestsAtOnce }, (_, n) =>
      open.slice(from + n * batchEvents, from + (n + 1) * batchEvents),
    ).filter((batch) => batch.length > 0);
    await Promise.all(batches.map((batch) => sendBatch(life, batch, oracle.acknowledged)));
    await life.platform.ownership?.loader.loadOnce();
  }
}

async function sendBatch(
  life: Life,
  events: readonly EventInput[],
  acknowledged: Map<string, string>,
): Promise<void> {
  const answer = await life.send(JSON.stringify({ events }));
  if (answer?.status !== 200) throw new Error(`not acknowledged: ${answer?.status}`);
  const { received, accepted, duplicates, failed, results } = answer.body as {
    readonly received: number;
    readonly accepted: number;
    readonly duplicates: number;
    readonly failed: number;
    readonly results: readonly { readonly id: string; readonly status: string }[];
  };
  assert.equal(received, events.length);
  assert.equal(received, accepted + duplicates + failed);
  for (const { id, status } of results) acknowledged.set(id, status);
}

async function runDays({ platform }: Life, shop: TestShop): Promise<void> {
  const failed: unknown[] = [];
  await runDueDays({
    ...runnerOf(platform),
    registry: platform.registry,
    calendar: platform.calendar,
    delayMs: 0,
    // Whoever asks again after a failure finds the day due at once.
    retryMs: 0,
    attemptsMax: 1000,
    retryDelaysMs: [1, 10, 100],
    firstDay: shop.days[0] as string,
    onDay: (_day, result) => failed.push(...result.failed),
  });
  if (failed.length > 0) throw new Error(`tasks failed: ${JSON.stringify(failed)}`);
}

const hourMs = 3_600_000;
const batchEvents = 40;
const requestsAtOnce = 2;
