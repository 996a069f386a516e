import type { EventInput, StoredEvent } from './envelope.ts';

/** What the collector knows of a request. */
export interface Receipt {
  readonly received_at: string;
  readonly source: string;
  readonly sent_at?: string;
  readonly user_agent?: string;
  /** Truncated already; see `truncateIp`. */
  readonly ip?: string;
}

/** The event as it is stored: what the client sent, with the receipt. The id is written in small letters. */
export function toStored(event: EventInput, receipt: Receipt): StoredEvent {
  return { ...event, id: event.id.toLowerCase(), ...receipt };
}
