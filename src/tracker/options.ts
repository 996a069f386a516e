import type { TrackedEvent } from './kinds.ts';

/** What a reader has agreed to. */
export interface Consent {
  /** To be counted as one reader over pages and visits. Without it nothing is stored, and events have no ids of theirs. */
  readonly analytics: boolean;
  /** To be shown to ad platforms. */
  readonly ads: boolean;
}

/** A tag of somebody else, fed with the same events. */
export interface Destination {
  /** Takes an event; what the tag has no word for is left out. */
  send(event: TrackedEvent): void;
  /** Told when the reader changes what he has agreed to. */
  consent?(consent: Consent): void;
}

/** Makes a destination's tag in a page: `id` is the account's, as the tag's maker calls it. */
export type DestinationModule = {
  readonly default: (id: string, window: Window & typeof globalThis, consent: Consent) => Destination;
};

/** A destination, loaded when its consent is there. */
export interface DestinationOptions {
  readonly id: string;
  readonly needs: keyof Consent;
  readonly load: () => Promise<DestinationModule>;
}

/** What is watched by itself. */
export type Automatic = 'pages' | 'impressions' | 'outbound' | 'scroll' | 'engagement' | 'vitals' | 'errors';

/** How the tracker behaves. */
export interface TrackerOptions {
  /** A key that may only write, bound to the store's origins: `octavo keys create store --origin https://store.example`. */
  readonly key: string;
  /** Where events are sent, e.g. `https://store.example/o/e`. */
  readonly url: string;
  /** Name and version of the store's program, for `app`. */
  readonly app?: { readonly name?: string; readonly version?: string };
  /** What is not to be watched; in a tag's attribute a text with their names. Default: nothing. */
  readonly off?: readonly Automatic[];
  /** Whether `#…` is part of a page's address. Default false. */
  readonly hash?: boolean;
  /** Where ids are kept. Default `local`. */
  readonly storage?: 'local' | 'cookie' | 'memory';
  /** Domain of the cookies, for a store on several subdomains. */
  readonly domain?: string;
  /** What holds until `consent` was called: `pending` keeps events in memory until then. Default `granted`. */
  readonly consent?: 'granted' | 'denied' | 'pending';
  /** What is sent of a reader who has not agreed: events without ids, or nothing. Default `anonymous`. */
  readonly denied?: 'anonymous' | 'nothing';
  /** What Global Privacy Control forbids whatever was agreed to. Default `all`. */
  readonly gpc?: 'all' | 'ads' | 'off';
  /** What Do Not Track forbids. Default `off`. */
  readonly dnt?: 'all' | 'ads' | 'off';
  /** Whether the console is told, in one line each, what went wrong in a call. Default false. */
  readonly debug?: boolean;
  readonly destinations?: readonly DestinationOptions[];
  /** Changes an event before it is kept, or leaves it out. */
  readonly before?: (event: TrackedEvent) => TrackedEvent | undefined;
  /** How long events are gathered, in milliseconds; a tag's attribute is a text. Default 1000. */
  readonly delayMs?: number | string;
  /** How long an answer is waited for, in milliseconds. Default 20 000. */
  readonly timeoutMs?: number | string;
  /** Most events that wait to be sent. Default 1000. */
  readonly outboxMax?: number;
}
