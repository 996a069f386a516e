import { bytesOf, eventBytesMax, type DropReason, type OutgoingBatch, type Outbox } from './outbox.ts';

/** What a sender is made of. */
export interface SenderOptions {
  readonly outbox: Outbox;
  /** The collector's address with the key in it. */
  readonly url: string;
  readonly prefix: string;
  readonly now: () => number;
  readonly timeoutMs: number;
  readonly onDrop: (reason: DropReason, events: number) => void;
  /** Told that events have arrived. */
  readonly onSent: () => void;
}

/** Moves events from the outbox to the collector. */
export interface Sender {
  /** Sends after so many milliseconds, or sooner if that was asked for before. */
  wake(delayMs: number): void;
  /** Sends now what fits into what a leaving page may send. */
  leave(): void;
  /** Forgets that sending failed, and tries. */
  retry(): void;
}

/** What all requests of a page that outlive it may weigh together is 64 KiB; the browser counts some bytes of its own. */
const keptAliveBytesMax = 62_000;
const batchEventsMax = 50;
const backoffMs = 1000;
const backoffMaxMs = 300_000;
const waitMaxMs = 3_600_000;

/** Waits a moment, until what this tab has stored is seen by the browser's other processes. */
export function reachOthers(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 50));
}

/** Makes a sender; nothing is sent before `wake` or `leave`. */
export function createSender(options: SenderOptions): Sender {
  const { outbox, url, prefix, now, timeoutMs } = options;
  const note = `${prefix}b`;
  let keptAliveBytes = 0;
  let eventsMax = batchEventsMax;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let timerAtMs = Infinity;
  let running = false;

  /** Failed attempts in a row, and until when nothing is sent: the same for all tabs. */
  const trouble = (): readonly number[] => (outbox.store().get(note) ?? '0|0').split('|').map(Number);
  const waitMs = (): number => {
    const left = (trouble()[1] ?? 0) - now();
    return left > 0 && left <= waitMaxMs ? left : 0;
  };
  const fail = (ids: readonly string[], atLeastMs: number): false => {
    outbox.release(ids);
    const [attempts = 0] = trouble();
    // From half of it to all of it: the milliseconds of clocks differ from browser to browser.
    const jitter = 0.5 + (now() % 1000) / 2000;
    const delay = Math.min(backoffMaxMs, backoffMs * 2 ** attempts) * jitter;
    const untilMs = now() + Math.min(waitMaxMs, Math.max(delay, atLeastMs));
    outbox.store().set(note, `${attempts + 1}|${untilMs}`);
    return false;
  };

  const bodyOf = (texts: readonly string[]): string =>
    `{"sent_at":"${new Date(now()).toISOString()}","events":[${texts.join(',')}]}`;

  /** Resolves with whether to go on. */
  const post = async ({ ids, texts }: OutgoingBatch): Promise<boolean> => {
    const body = bodyOf(texts);
    const [attempts] = trouble();
    const bytes = bytesOf(body);
    const keepalive = keptAliveBytes + bytes <= keptAliveBytesMax;
    if (keepalive) keptAliveBytes += bytes;
    try {
      const { ok, status, headers } = await fetch(attempts ? `${url}&attempt=${attempts + 1}` : url, {
        method: 'POST',
        // Without a type of its own a text is `text/plain`, for which no browser asks beforehand.
        body,
        keepalive,
        credentials: 'omit',
        signal: AbortSignal.timeout(timeoutMs),
      });
      if (ok) {
        outbox.done(ids);
        outbox.store().remove(note);
        eventsMax = batchEventsMax;
        options.onSent();
        return true;
      }
      if (status === 413 && ids.length > 1) {
        outbox.release(ids);
        eventsMax = ids.length >> 1;
        return true;
      }
      if ([400, 413, 415, 422].includes(status)) {
        outbox.done(ids);
        options.onDrop('refused', ids.length);
        return true;
      }
      const after = headers.get('retry-after') ?? '';
      return fail(ids, Number(after) * 1000 || Date.parse(after) - now() || 0);
    } catch {
      // A page that is left breaks its requests a moment before it says so. That is no failure, and must not keep it from
      // sending the rest: it is gone before this goes on. What is kept alive arrives, and its claim runs out.
      await reachOthers();
      return fail(ids, 0);
    } finally {
      if (keepalive) keptAliveBytes -= bytes;
    }
  };

  const drain = async (): Promise<void> => {
    for (;;) {
      const wait = waitMs();
      if (wait > 0) return wake(wait);
      const batch = outbox.take({ events: eventsMax, bytes: eventBytesMax });
      if (batch.ids.length === 0) {
        if (batch.waitMs > 0) wake(batch.waitMs);
        break;
      }
      if (!(await post(batch))) return wake(waitMs());
    }
    // What this tab has taken out of the storage reaches other processes of the browser a little later.
    await reachOthers();
  };

  const run = async (): Promise<void> => {
    timerAtMs = Infinity;
    if (running) return wake(200);
    running = true;
    try {
      // A page without https has no locks.
      await ((navigator.locks as LockManager | undefined)?.request(`${prefix}o`, drain) ?? drain());
    } catch {
      wake(backoffMs);
    }
    running = false;
  };

  const wake = (delayMs: number): void => {
    const atMs = now() + delayMs;
    if (atMs >= timerAtMs) return;
    clearTimeout(timer);
    timerAtMs = atMs;
    timer = setTimeout(() => void run(), delayMs);
  };

  return {
    wake,
    leave: () => {
      if (waitMs() > 0) return;
      for (let left; (left = keptAliveBytesMax - 100 - keptAliveBytes) > 0;) {
        const batch = outbox.take({ events: eventsMax, bytes: left });
        if (batch.ids.length === 0) return;
        if ('keepalive' in Request.prototype) void post(batch);
        // No answer will come: the events stay, and are sent again when the claim has run out.
        else if (!navigator.sendBeacon(url, bodyOf(batch.texts))) return outbox.release(batch.ids);
      }
    },
    retry: () => {
      outbox.store().remove(note);
      wake(0);
    },
  };
}
