import type { EventInput, StoredEvent } from './envelope.ts';

/** What the collector knows of a request. */
export interface Receipt {
  readonly received_at: string;
  readonly source: string;
  readonly sent_at?: string;
  readonly user_agent?: string;
  /** As it is stored: truncated already where that is asked for. */
  readonly ip?: string;
  readonly country?: string;
  readonly enriched_by?: string;
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

/** What a server's key says of the device for which it sends. */
export interface StatedReceipt {
  readonly receipt: Receipt;
  /** Whether it is another device than the one that sent the request, and its user agent is not known. */
  readonly isUnnamed: boolean;
}

/**
 * An event without what it states, and the receipt with it; without `trusted`, with nothing of it. The place and the user
 * agent of a server are not those of the device it speaks for.
 *
 * @param placeOf - what is stored of an address
 */
export function takeStated(
  event: EventInput,
  receipt: Receipt,
  {
    trusted,
    placeOf,
  }: { readonly trusted: boolean; readonly placeOf: (ip: string) => Pick<Receipt, 'ip' | 'country'> },
): StatedReceipt & { readonly event: EventInput } {
  const bare: Record<string, unknown> = { ...event };
  for (const field of statedFields) delete bare[field];
  const plain = bare as unknown as EventInput;
  if (!trusted) return { event: plain, receipt, isUnnamed: false };
  const { user_agent: agent, ip, source } = event;
  const { country: _country, user_agent: _agent, ...others } = receipt;
  return {
    event: plain,
    isUnnamed: agent === undefined && ip !== undefined,
    receipt: {
      ...(agent === undefined && ip === undefined ? receipt : others),
      ...(agent === undefined ? {} : { user_agent: agent }),
      ...(ip === undefined ? {} : placeOf(ip)),
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
