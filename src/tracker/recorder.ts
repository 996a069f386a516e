import { createConsent } from './consent.ts';
import { createDestinations } from './destinations.ts';
import { createDrops } from './drops.ts';
import { readerKinds, type TrackedEvent } from './kinds.ts';
import type { Campaign } from './campaign.ts';
import type { Consent, TrackerOptions } from './options.ts';
import { createOutbox } from './outbox.ts';
import { createSender, reachOthers } from './sender.ts';
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
/** A tab that hangs must not make the others wait for ever. */
const lockMaxMs = 1000;

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
  const { storage, denied, before } = options;
  const [delayMs, timeoutMs] = [Number(options.delayMs ?? 1000), Number(options.timeoutMs ?? 20_000)];
  const { prefix, now, uuid } = tools;
  const [idsName, consentName] = [`${prefix}s`, `${prefix}c`];
  const [disk, memory] = [createStore(storageOf()), createStore()];
  const kept =
    storage === 'cookie'
      ? cookieStore(options.domain, location.protocol === 'https:')
      : storage === 'memory'
        ? memory
        : disk;
  const consent = createConsent(options, navigator, kept.get(consentName));
  const destinations = createDestinations(options.destinations ?? []);
  const { drop, onSent, leave } = createDrops(() => outbox.store(), `${prefix}d.`, uuid, tools.report);
  const outbox = createOutbox({
    store: disk,
    prefix,
    now,
    leaseMs: timeoutMs + 1000,
    eventsMax: options.outboxMax ?? 1000,
    onDrop: drop,
  });
  // By its fingers the collector knows an iPad, which calls itself a Macintosh.
  const url = `${options.url}?key=${encodeURIComponent(options.key)}&touch=${navigator.maxTouchPoints}`;
  const sender = createSender({ outbox, url, prefix, now, timeoutMs, onDrop: drop, onSent });

  /** What waits until it is known under which ids. */
  const held: (() => void)[] = [];
  let [campaign, reader]: [Campaign?, string?] = [];
  /** What events are kept under now; undefined while they wait. */
  let open: Consent | undefined;
  let [asked, settled] = [false, false];
  let ids = memory;
  const session = createSession({ store: () => ids, name: idsName, now, uuid });

  const keep = (event: TrackedEvent): void => {
    const analytics = open?.analytics;
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
    if (!allowed) return;
    const { analytics } = allowed;
    outbox.move(analytics ? disk : memory);
    ids = analytics ? kept : memory;
    if (!analytics) [idsName, consentName].forEach(kept.remove);
    open = analytics && !settled ? undefined : allowed;
    if (open) {
      if (reader) session.setReader(reader);
      held.splice(0).forEach((act) => act());
    } else if (!asked) ask();
    return allowed;
  };
  const settle = (): void => {
    if (settled) return;
    settled = true;
    follow();
    session.touch(campaign);
  };
  /** Tabs that are opened in the same instant are one device in one visit: the first makes the ids, the others read them. */
  const ask = (): void => {
    asked = true;
    setTimeout(settle, lockMaxMs);
    // A page without https has no locks.
    (navigator.locks as LockManager | undefined)
      ?.request(idsName, () => {
        settle();
        return reachOthers();
      })
      .catch(settle);
  };

  const inTurn = (act: () => void): void => {
    if (open) act();
    else if (held.length < heldMax) held.push(act);
    else drop('held');
  };

  follow();
  sender.wake(delayMs);
  return {
    record: (event) => inTurn(() => keep(event)),
    wake: (times) => sender.wake(delayMs * times),
    leave: () => {
      if (asked) settle();
      leave();
      sender.leave();
    },
    retry: sender.retry,
    consent: (change) => {
      consent.set(change);
      const allowed = follow();
      if (allowed?.analytics) kept.set(consentName, allowed.ads ? '2' : '1');
    },
    setReader: (id) => inTurn(() => session.setReader((reader = id))),
    setCampaign: (found) => {
      campaign = found ?? campaign;
    },
  };
}
