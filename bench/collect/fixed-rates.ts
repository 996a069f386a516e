import { readable, report } from '../report.ts';
import { load } from './load.ts';

/** What is offered, whatever is answered: events a second, in requests of so many events. */
const offers = [
  { eventsEach: 1, eventsPerSecond: [500, 2_000] },
  { eventsEach: 20, eventsPerSecond: [10_000, 30_000] },
] as const;
const p99GoalMs = 25;

/** Latency from the time at which a request was to be sent to the last byte of its answer, at rates that don't depend on the collector. */
export async function reportFixedRates(options: {
  readonly title: string;
  readonly port: number;
  readonly key: string;
  readonly connections: number;
  readonly durationMs: number;
}): Promise<void> {
  let run = 100;
  for (const { eventsEach, eventsPerSecond } of offers) {
    for (const rate of eventsPerSecond) {
      const result = await load({ ...options, eventsEach, requestsPerSecond: rate / eventsEach, run: run++ });
      report(
        `${options.title}: ${readable(rate)} events/s offered, ${eventsEach} a request, open loop`,
        [
          { what: 'events answered', value: result.events / result.seconds, unit: 'events/s' },
          { what: 'p50', value: result.p50Ms, unit: 'ms' },
          { what: 'p99', value: result.p99Ms, unit: 'ms', goal: { atMost: p99GoalMs } },
          { what: 'p99.9', value: result.p999Ms, unit: 'ms' },
        ],
        missedNotes(result.missed),
      );
    }
  }
}

/** What is said where not everything that was due could be sent. */
export function missedNotes(missed: number): readonly string[] {
  if (missed === 0) return [];
  return [`${missed} requests were due and not sent: they count with the time they had waited at the end`];
}
