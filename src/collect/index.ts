export type * from './event-log.ts';
export { appendEvents, partitionOf } from './append-events.ts';
export type { EventOutcome } from './answer.ts';
export { createEventFeed, type EventFeed, type FedRecords } from './event-feed.ts';
export { createCollector, type Collector, type CollectorOptions, type CollectorStatus } from './collector.ts';
export { openJournal, type JournalOptions } from './journal/open-journal.ts';
export { inspectJournal, type PartitionFiles } from './journal/inspect.ts';
export { hasOrigin, toOrigin } from './origin.ts';
export type { Caller } from './gate.ts';
