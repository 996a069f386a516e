import type { EventCampaign } from './enrich/campaign.ts';
import type { EventClient } from './enrich/client.ts';
import type { EventReferrer } from './enrich/referrer.ts';

/** One title in an event, with GA4's item names. */
export interface EventItem {
  readonly item_id: string;
  readonly item_name?: string;
  readonly item_category?: string;
  readonly item_list_id?: string;
  readonly item_list_name?: string;
  /** Position in the list, from 1. */
  readonly index?: number;
  /** Price of one copy in `properties.currency`. */
  readonly price?: number;
  readonly quantity?: number;
  readonly discount?: number;
}

/** The page on which it happened. */
export interface EventPage {
  readonly url?: string;
  readonly referrer?: string;
  readonly title?: string;
}

/** The program in which it happened. */
export interface EventApp {
  readonly name?: string;
  readonly version?: string;
  /** `web`, `ios`, `android`, `ereader` or `server`. */
  readonly platform?: string;
}

/** An event as a client sends it. */
export interface EventInput {
  /** A UUID made once by the client and kept over every retry; version 7 recommended. */
  readonly id: string;
  /** One of the catalogue's kinds, or a custom one (`[a-z][a-z0-9_]{0,39}`). */
  readonly kind: string;
  /** RFC 3339 instant at which it happened, by the client's clock. */
  readonly occurred_at: string;
  readonly reader_id?: string;
  readonly device_id?: string;
  readonly session_id?: string;
  readonly page?: EventPage;
  readonly app?: EventApp;
  readonly items?: readonly EventItem[];
  /** Everything that belongs to this kind only. */
  readonly properties?: Readonly<Record<string, unknown>>;
  /** Of the device for which a server sends; taken from server keys only, as are the next two. */
  readonly user_agent?: string;
  /** Its address; only the network part is stored. */
  readonly ip?: string;
  /** A part of the key's name: events of `web` with the source `nginx` are stored as `web/nginx`. */
  readonly source?: string;
}

/** What the collector looks at in an event: of its page and its app only what enrichment reads. */
export interface EventFacts {
  readonly id: string;
  readonly kind: string;
  readonly occurred_at: string;
  readonly reader_id?: string | undefined;
  readonly device_id?: string | undefined;
  readonly page?: { readonly url?: string | undefined; readonly referrer?: string | undefined } | undefined;
  readonly app?: { readonly platform?: string | undefined } | undefined;
  readonly properties?: Readonly<Record<string, unknown>> | undefined;
}

/** An event as the collector stores it: one JSON document per record of the event log. */
export interface StoredEvent extends EventInput {
  readonly sent_at?: string;
  /** RFC 3339 instant at which the collector took it. */
  readonly received_at: string;
  /** Name of the API key it came with, or `simulate`, `import`, … */
  readonly source: string;
  readonly user_agent?: string;
  /** Truncated to /24 of IPv4, /48 of IPv6, unless the store keeps it whole. */
  readonly ip?: string;
  /** When it happened by the client's own clock, where that was off and `occurred_at` is corrected. */
  readonly device_occurred_at?: string;
  /** ISO 3166-1 code, by a proxy's header or the address. */
  readonly country?: string;
  readonly client?: EventClient;
  readonly campaign?: EventCampaign;
  readonly referrer?: EventReferrer;
  /** Which rules and files the five before it come from. */
  readonly enriched_by?: string;
}

/** Why one event was refused. */
export interface EventError {
  /** Stable code, e.g. `event_invalid`, `event_too_large`, `event_duplicate_id`. */
  readonly code: string;
  /** JSON pointer into the event, `''` for the whole of it. */
  readonly path: string;
  /** The rule that was broken, e.g. `required`, `format: uuid`, `minimum: 0`. */
  readonly rule: string;
  /** One sentence for a person. */
  readonly message: string;
}

/** A refused event, kept in the log of failed events. */
export interface FailedEvent {
  readonly sent_at?: string;
  readonly received_at: string;
  readonly source: string;
  readonly user_agent?: string;
  /** Truncated. */
  readonly ip?: string;
  readonly error: EventError;
  /** The event as it came, as JSON text, cut at 64 KiB. */
  readonly raw: string;
}
