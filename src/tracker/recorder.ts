import { createConsent } from './consent.ts';
import { createDestinations } from './destinations.ts';
import { readerKinds, type TrackedEvent } from './kinds.ts';
import type { Campaign } from './campaign.ts';
import type { Consent, TrackerOptions } from './options.ts';
import { createOutbox, type DropReason } from './outbox.ts';
import { createSender } from './sender.ts';
import { createSession } from './session.ts';
import { cookieStore, createStore, storageOf } from './store.ts';

/** Properties of one's own. */
export type Properties = Readonly<Record<string, unknown>>;

/** Keeps what happens, as far as the reader allows it, and sees to it that it is sent. */
export interface Recorder {
  record(event: TrackedEvent): void;
  /** Sends after the usual time, or after so many times of it. */
  wake(times: number): void;
  /** The page may be gone in a moment. */
  leave(): void;
  /** The network is there again. */
  retry(): void;
  consent(change: Partial<Consent>): void;
  /** Who reads from now on; undefined: somebody else, with new ids. */
  setReader(reader: string | undefined): void;
  /** What the address of a page says, for the next event. */
  setCampaign(campaign: Campaign | undefined): void;
}

const heldMax = 200;

/** Makes a recorder; `report` is told what had to be given up, once something arrives again. */
export function createRecorder(
  options: TrackerOptions,
  tools: {
    readonly prefix: string;
    readonly now: () => number;
    readonly uuid: () => string;
    readonly report: (properties: Properties) => void;
  },
): Recorder {
  const { storage, denied, before, delayMs = 1000, timeoutMs = 20_000 } = options;
  const { prefix, now, uuid } = tools;
  const [idsName, consentName, dropName] = [`${prefix}s`, `${prefix}c`, `${prefix}d.`];
  const [disk, memory] = [createStore(storageOf()), createStore()];
  const kept =
    storage === 'cookie'
      ? cookieStore(options.domain, location.protocol === 'https:')
      : storage === 'memory'
        ? memory
        : disk;
  const consent = createConsent(options, navigator, kept.get(consentName));
  const destinations = createDestinations(options.destinations ?? []);
  let drops: Record<string, number> = {};
  const drop = (reason: DropReason, events = 1): void => {
    drops[reason] = (drops[reason] ?? 0) + events;
  };
  const outbox = createOutbox({
    store: disk,
    prefix,
    now,
    leaseMs: timeoutMs + 1000,
    eventsMax: options.outboxMax ?? 1000,
    onDrop: drop,
  });
  const onSent = (): void => {
    const store = outbox.store();
    // Also what tabs that are gone could no longer report.
    for (const name of store.names().filter((one) => one.startsWith(dropName))) {
      const left = JSON.parse(store.get(name) ?? '{}') as Record<string, number>;
      for (const reason in left) drop(reason as DropReason, left[reason]);
      store.remove(name);
    }
    const reasons = drops;
    drops = {};
    const dropped = Object.values(reasons).reduce((a, b) => a + b, 0);
    if (dropped) tools.report({ dropped, reasons });
  };
  const url = `${options.url}?key=${encodeURIComponent(options.key)}`;
  const sender = createSender({ outbox, url, prefix, now, timeoutMs, onDrop: drop, onSent });

  const held: TrackedEvent[] = [];
  let campaign: Campaign | undefined;
  let reader: string | undefined;
  let ids = memory;
  const session = createSession({ store: () => ids, name: idsName, now, uuid });

  const keep = (event: TrackedEvent, { analytics }: Consent): void => {
    if (!analytics && denied === 'nothing') return;
    try {
      let whole: TrackedEvent | undefined = event;
      if (analytics) {
        const touched = session.touch(campaign);
        campaign = undefined;
        whole = { ...event, ...touched.ids } as TrackedEvent;
        if (event.kind === 'page_view')
          whole = { ...whole, properties: { ...event.properties, campaign: touched.campaign } };
      }
      if (!whole.reader_id && ` ${readerKinds} `.includes(` ${event.kind} `)) return drop('reader');
      if (before) whole = before(whole);
      if (!whole) return;
      const reason = outbox.put(whole.id, JSON.stringify(whole), whole.kind === 'tracker_report');
      if (reason) drop(reason);
      sender.wake(delayMs);
      destinations.send(whole);
    } catch {
      drop('invalid');
    }
  };

  /** Follows what is allowed: where things are kept, what is loaded, what becomes of the events that waited. */
  const follow = (): Consent | undefined => {
    const allowed = consent.current();
    destinations.consent(allowed);
    if (allowed) {
      outbox.move(allowed.analytics ? disk : memory);
      ids = allowed.analytics ? kept : memory;
      if (!allowed.analytics) [idsName, consentName].forEach(kept.remove);
      if (reader) session.setReader(reader);
      held.splice(0).forEach((event) => keep(event, allowed));
    }
    return allowed;
  };

  follow();
  sender.wake(delayMs);
  return {
    record: (event) => {
      const allowed = consent.current();
      if (allowed) keep(event, allowed);
      else if (held.length < heldMax) held.push(event);
      else drop('held');
    },
    wake: (times) => sender.wake(delayMs * times),
    leave: () => {
      const unreported = JSON.stringify(drops);
      if (unreported !== '{}') outbox.store().set(dropName + uuid(), unreported);
      drops = {};
      sender.leave();
    },
    retry: sender.retry,
    consent: (change) => {
      consent.set(change);
      const allowed = follow();
      if (allowed?.analytics) kept.set(consentName, allowed.ads ? '2' : '1');
    },
    setReader: (id) => {
      reader = id;
      session.setReader(id);
    },
    setCampaign: (found) => {
      campaign = found ?? campaign;
    },
  };
}
