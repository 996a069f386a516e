import type { EventInput, StoredEvent } from './envelope.ts';
import { truncateIp } from './privacy.ts';

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

/** What a server's key may say of the device for which it sends. */
const statedFields = ['user_agent', 'ip', 'source'] as const;

/** Whether an event says of itself what else the request says. */
export function statesReceipt(event: EventInput): boolean {
  return event.user_agent !== undefined || event.ip !== undefined || event.source !== undefined;
}

/** An event without what it states, and the receipt with it; without `trusted`, with nothing of it. */
export function takeStated(
  event: EventInput,
  receipt: Receipt,
  trusted: boolean,
): { readonly event: EventInput; readonly receipt: Receipt } {
  const bare: Record<string, unknown> = { ...event };
  for (const field of statedFields) delete bare[field];
  const plain = bare as unknown as EventInput;
  if (!trusted) return { event: plain, receipt };
  const { user_agent: agent, ip, source } = event;
  const network = ip === undefined ? undefined : truncateIp(ip);
  return {
    event: plain,
    receipt: {
      ...receipt,
      ...(agent === undefined ? {} : { user_agent: agent }),
      ...(network === undefined ? {} : { ip: network }),
      ...(source === undefined ? {} : { source: `${receipt.source}/${source}` }),
    },
  };
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
