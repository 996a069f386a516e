import type { EventError } from '../../../event/index.ts';
import type { EventRange } from './event-pack.ts';

/** A line that became no event, as it is kept. */
export interface RefusedLine {
  readonly id: string;
  readonly error: EventError;
  /** The line, its file and its place. */
  readonly line: string;
  readonly file: string;
  readonly offset: number;
}

/** Events and refused lines that are sent together. */
export interface Shipment {
  readonly events: EventRange;
  readonly refused: readonly RefusedLine[];
}

/** What became of a shipment. */
export interface Delivered {
  readonly accepted: number;
  readonly duplicates: number;
  /** Kept as failed events: refused lines, and what the collector refused. */
  readonly failed: number;
}

/** Where events go. */
export interface Sink {
  /** Most events of a shipment. */
  readonly eventsMax: number;
  /** Most bytes of a shipment, as JSON. */
  readonly bytesMax: number;
  /** Shipments that may be under way at once. */
  readonly atOnce: number;
  /** Whether whole addresses are wanted; else only networks. */
  readonly wholeIp: boolean;
  /** Resolves once all of it is durable at the other end; tries again until then. Rejects when the signal aborts. */
  send(shipment: Shipment, signal: AbortSignal): Promise<Delivered>;
  close(): Promise<void>;
}
