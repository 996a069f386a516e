import { eventAt } from '../deliver/event-pack.ts';
import type { Sink } from '../deliver/sink.ts';

/** `lost`: it arrives, but the answer does not; `away`: nothing arrives. */
export type Network = 'good' | 'lost' | 'away';

/** What came in at the other end. */
export class Receiver {
  readonly byId = new Map<string, string>();
  readonly problems: string[] = [];
  /** Events that came again. */
  again = 0;
  network: Network = 'good';
  #waiting: (() => void)[] = [];

  /** A sink that lives as long as its agent. */
  sink(): Sink {
    return {
      eventsMax: 7,
      bytesMax: 1_000_000,
      atOnce: 3,
      wholeIp: false,
      send: async ({ events, refused }, signal) => {
        if (this.network === 'away') await this.#until(signal);
        for (const line of refused)
          this.problems.push(`refused: ${line.error.message}: ${line.line.slice(0, 60)}`);
        for (let index = events.from; index < events.to; index++)
          this.#take(eventAt(events, index - events.from));
        if (this.network === 'lost') await this.#until(signal);
        return { accepted: events.to - events.from, duplicates: 0, failed: refused.length };
      },
      close: async () => undefined,
    };
  }

  mend(): void {
    this.network = 'good';
    for (const wake of this.#waiting.splice(0)) wake();
  }

  #until(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push(resolve);
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    });
  }

  #take(text: string): void {
    const event = JSON.parse(text) as { readonly id: string; readonly page: { readonly url: string } };
    const before = this.byId.get(event.id);
    if (before !== undefined && before !== event.page.url)
      this.problems.push(`one id for ${before} and ${event.page.url}`);
    if (before !== undefined) this.again += 1;
    this.byId.set(event.id, event.page.url);
  }
}
