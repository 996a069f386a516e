import type { Store } from './store.ts';
import { timeOf } from './uuid.ts';

/** Why an event was given up. */
export type DropReason = 'full' | 'large' | 'old' | 'refused' | 'held' | 'reader' | 'invalid';

/** Events that are being sent. */
export interface OutgoingBatch {
  readonly ids: readonly string[];
  /** Each event as JSON. */
  readonly texts: readonly string[];
  /** After how many milliseconds an event becomes free that another page has claimed; 0 when there is none. */
  readonly waitMs: number;
}

/** Events that wait to be sent, one name of the store each: two tabs never write over each other's. */
export interface Outbox {
  /** Where the events are, and notes beside them. */
  store(): Store;
  /** Keeps an event until it is done, `always` also in a full outbox; why not, when it is not kept. */
  put(id: string, text: string, always?: boolean): DropReason | undefined;
  /** Claims the oldest free events for a time; who dies with a claim lets it run out. */
  take(limits: { readonly events: number; readonly bytes: number }): OutgoingBatch;
  done(ids: readonly string[]): void;
  /** Gives up the claims. */
  release(ids: readonly string[]): void;
  /** Moves the events to another store; of the notes nothing is left. */
  move(to: Store): void;
}

/** What an outbox is made of. */
export interface OutboxOptions {
  readonly store: Store;
  /** What every name in the store begins with. */
  readonly prefix: string;
  readonly now: () => number;
  /** How long a claim holds. */
  readonly leaseMs: number;
  readonly eventsMax: number;
  readonly onDrop: (reason: DropReason) => void;
}

/** The most bytes of one event, so that it fits into what a leaving page may send. */
export const eventBytesMax = 60_000;
/** Below the 30 days in which the collector knows an id again. */
const ageMaxMs = 25 * 86_400_000;

/** Makes an outbox over a store. */
export function createOutbox({ prefix, now, leaseMs, eventsMax, onDrop, ...options }: OutboxOptions): Outbox {
  let { store } = options;
  const start = `${prefix}e.`;
  const names = (): string[] => store.names().filter((name) => name.startsWith(start));
  const claim = (id: string, untilMs: number): void => {
    const value = store.get(start + id);
    if (value) store.set(start + id, `${untilMs.toString(36)}|${textOf(value)}`);
  };
  const done = (ids: readonly string[]): void => ids.forEach((id) => store.remove(start + id));
  return {
    store: () => store,
    put: (id, text, always) => {
      if (bytesOf(text) > eventBytesMax) return 'large';
      if (!always && names().length >= eventsMax) return 'full';
      store.set(start + id, `0|${text}`);
      return undefined;
    },
    take: ({ events, bytes }) => {
      const [ids, texts]: [string[], string[]] = [[], []];
      let [size, waitMs] = [0, 0];
      const nowMs = now();
      for (const name of names().toSorted()) {
        const value = store.get(name);
        if (!value) continue;
        const id = name.slice(start.length);
        const leftMs = parseInt(value, 36) - nowMs;
        // A claim that lies further ahead was made by another clock.
        if (leftMs > 0 && leftMs <= leaseMs) {
          waitMs = Math.min(waitMs || leftMs, leftMs);
          continue;
        }
        if (Math.abs(nowMs - timeOf(id)) > ageMaxMs) {
          done([id]);
          onDrop('old');
          continue;
        }
        const text = textOf(value);
        size += bytesOf(text) + 1;
        if (ids.length >= events || size > bytes) break;
        ids.push(id);
        texts.push(text);
      }
      ids.forEach((id) => claim(id, nowMs + leaseMs));
      return { ids, texts, waitMs };
    },
    done,
    release: (ids) => ids.forEach((id) => claim(id, 0)),
    move: (to) => {
      if (to === store) return;
      for (const name of store.names().filter((one) => one.startsWith(prefix))) {
        if (name.startsWith(start)) to.set(name, store.get(name) ?? '');
        store.remove(name);
      }
      store = to;
    },
  };
}

function textOf(value: string): string {
  return value.slice(value.indexOf('|') + 1);
}

/** Length of a text in UTF-8. */
export function bytesOf(text: string): number {
  return new Blob([text]).size;
}
