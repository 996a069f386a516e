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

/** The end of every stored event of a request, for `storedText`. */
export function receiptText(receipt: Receipt): string {
  return `,${JSON.stringify(receipt).slice(1)}`;
}

/** The same as `JSON.stringify(toStored(event, receipt))`, with the receipt written only once for a whole request. */
export function storedText(event: EventInput, ending: string): string {
  const id = event.id.toLowerCase();
  const text = JSON.stringify(id === event.id ? event : { ...event, id });
  return text.slice(0, -1) + ending;
}
