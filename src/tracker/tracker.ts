import { bookstoreHelpers, type BookstoreHelpers } from './bookstore.ts';
import { campaignOf } from './campaign.ts';
import { guardWith, type Guard } from './guard.ts';
import type { KindProperties, TrackedEvent, TrackedItem } from './kinds.ts';
import type { Consent, TrackerOptions } from './options.ts';
import { createRecorder, type Properties } from './recorder.ts';
import { uuidMaker } from './uuid.ts';

/** No property at all. */
type NoProperties = Readonly<Record<string, never>>;

/** What `track` takes beside a kind: a kind of the catalogue has its own properties, a custom one any. */
export type TrackArguments<K extends string> = K extends keyof KindProperties
  ? NoProperties extends KindProperties[K]
    ? [properties?: KindProperties[K]]
    : [properties: KindProperties[K]]
  : [properties?: Properties & { readonly items?: readonly TrackedItem[] }];

/** The tracker in a page. What it is told never fails, and gives back the event's id; an empty text where nothing can be made of it. */
export interface Tracker extends BookstoreHelpers {
  /** A page was shown; automatic, unless `pages` is switched off. */
  page(properties?: Properties): string;
  /** Something happened. */
  track<K extends string>(kind: K, ...properties: TrackArguments<K>): string;
  /** The reader is known from now on. */
  identify(reader: string, traits?: Properties): string;
  /** The reader belongs to a group: a family, a class, a library. */
  group(group: string, traits?: Properties): string;
  /** The reader has left: the next one has other ids. */
  reset(): void;
  /** What the reader has agreed to, or no longer. */
  consent(consent: Partial<Consent>): void;
  /** Sends now what waits. */
  flush(): void;
}

/** What the parts that watch by themselves are given. */
export interface Watched {
  readonly now: () => number;
  /** The page's address, with what is behind `#` where that belongs to it. */
  readonly address: () => string;
  readonly guard: Guard;
  /** Listens to several events, separated by spaces, before the page's own listeners. */
  on<E extends Event>(target: EventTarget, names: string, act: (event: E) => void): void;
  emit(kind: string, properties: Properties): void;
  page(): void;
  /** Called whenever the page is hidden or left, or gives place to another one by script. */
  onLeave(act: () => void): void;
  /** Tells those. */
  leaving(): void;
}

/** Makes a tracker, without what it watches by itself. */
export function createCore(
  options: TrackerOptions,
  now: () => number,
): { readonly tracker: Tracker; readonly watched: Watched; at(ms: number, act: () => void): void } {
  const { hash, debug } = options;
  const guard = guardWith(debug);
  const on: Watched['on'] = (target, names, act) =>
    names.split(' ').forEach((name) => target.addEventListener(name, guard(act) as EventListener, true));
  const prefix = `o${options.key.slice(-6)}.`;
  const address = (): string => location.href.replace(hash ? '' : /#.*/, '');
  let atMs = 0;
  const uuid = uuidMaker(now, (bytes) => crypto.getRandomValues(bytes as Uint8Array<ArrayBuffer>));
  let page: TrackedEvent['page'];
  let referrer: string | undefined = document.referrer || undefined;

  const emit = (kind: string, given?: Properties): string => {
    const id = uuid();
    const { items, ...properties } = given ?? {};
    recorder.record({
      id,
      kind,
      occurred_at: new Date(atMs || now()).toISOString(),
      page,
      app: { ...options.app, platform: 'web' },
      items,
      properties,
    } as unknown as TrackedEvent);
    return id;
  };
  const recorder = createRecorder(options, {
    prefix,
    now,
    uuid,
    report: (properties) => void emit('tracker_report', properties),
  });

  const look = (): void => {
    const url = address();
    // A page that a script shows was reached from the one before.
    if (page && page.url !== url) referrer = page.url;
    page = { url, title: document.title, referrer } as TrackedEvent['page'];
    recorder.setCampaign(campaignOf(location.search + location.hash.replace('#', '&')));
  };
  const leaves: (() => void)[] = [];
  const leaving = (): void => leaves.forEach((act) => guard(act)());
  const leave = (): void => {
    leaving();
    recorder.leave();
  };

  const calls: Tracker = {
    page: (properties) => {
      look();
      return emit('page_view', properties);
    },
    track: (kind, ...[properties]) => emit(kind, properties),
    identify: (id, traits) => {
      // Whoever has no id must not take another one's place.
      if (!id) throw new Error('no reader');
      recorder.setReader(id);
      return emit('identify', { traits });
    },
    group: (id, traits) => emit('group', { group_id: id, traits }),
    reset: () => recorder.setReader(undefined),
    consent: recorder.consent,
    flush: () => recorder.wake(0),
    ...bookstoreHelpers(emit),
  };

  const tracker = calls as unknown as Record<string, (...values: readonly unknown[]) => unknown>;
  for (const name in tracker) tracker[name] = guard(tracker[name]!);

  look();
  on(window, 'pagehide', leave);
  on(document, 'visibilitychange', () => (document.hidden ? leave() : recorder.wake(0)));
  on(window, 'online', recorder.retry);
  // Another tab has something to send; if it does not come to it, this one does.
  on(window, 'storage', ({ key, newValue }: StorageEvent) => {
    if (newValue && key?.startsWith(`${prefix}e.`)) recorder.wake(3);
  });
  return {
    tracker: calls,
    watched: {
      now,
      address,
      guard,
      on,
      emit: guard(emit),
      page: calls.page,
      onLeave: (act) => leaves.push(act),
      leaving,
    },
    at: (ms, act) => {
      atMs = ms;
      act();
      atMs = 0;
    },
  };
}
