import type { EventLog } from './event-log.ts';
import { visitTail } from './visit-tail.ts';

/** Records as they lie in the logs, durable. */
export interface FedRecords {
  readonly stored: readonly Uint8Array[];
  readonly failed: readonly Uint8Array[];
}

/** What a collector takes, for whoever looks on. It costs nothing while nobody does. */
export interface EventFeed {
  /** Tells of every request's records once they are durable; returns what ends it. It must not wait. */
  listen(take: (records: FedRecords) => void): () => void;
  /** The newest records of each log, oldest first. */
  newest(recordsMax: number): Promise<FedRecords>;
  /** For the collector. */
  publish(records: () => FedRecords): void;
}

/** Makes the feed of a process that collects into these logs. */
export function createEventFeed(logs: { readonly events: EventLog; readonly failed: EventLog }): EventFeed {
  const listeners = new Set<(records: FedRecords) => void>();
  return {
    listen: (take) => {
      listeners.add(take);
      return () => listeners.delete(take);
    },
    newest: async (recordsMax) => {
      const [stored, failed]: [Uint8Array[], Uint8Array[]] = [[], []];
      await visitTail(logs.events, recordsMax, (record) => void stored.push(record));
      await visitTail(logs.failed, recordsMax, (record) => void failed.push(record));
      return { stored, failed };
    },
    publish: (records) => {
      if (listeners.size === 0) return;
      const fed = records();
      for (const take of listeners) take(fed);
    },
  };
}
