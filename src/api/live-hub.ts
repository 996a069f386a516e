import type { ServerResponse } from 'node:http';
import type { Clock, Logger } from '../base/index.ts';
import { createListenerRoom } from './listener-room.ts';

/** What is told, by its name; undefined when there is nothing to tell. */
export type LiveSources = Readonly<Record<string, () => Promise<unknown>>>;

/** Tells every listener what has changed. All of them share one look at the sources. */
export interface LiveHub {
  /** Streams to the response until either side ends. Errors: `live_busy`. */
  join(listener: LiveListener): void;
  close(): void;
}

/** Who listens. */
export interface LiveListener {
  readonly response: ServerResponse;
  /** Who he is, to share the room fairly. */
  readonly caller: string;
  /** Asked now and then. */
  readonly allowed: () => boolean;
}

const roomLimits = { listenersMax: 200, callerMax: 50 };
const lookMs = 2_000;
/** A line now and then, so that nobody between takes the stream for dead. */
const beatMs = 15_000;
/** What a listener may leave unread before he is let go. */
const unreadBytesMax = 1024 * 1024;
const reconnectMs = 3_000;

/** Makes the hub; it looks only while somebody listens. */
export function createLiveHub(options: {
  readonly sources: LiveSources;
  readonly clock: Clock;
  readonly log: Logger;
}): LiveHub {
  const { sources, clock, log } = options;
  const listeners = new Set<LiveListener>();
  const room = createListenerRoom(roomLimits);
  const told = new Map<string, string>();
  let looking: AbortController | undefined;
  let serial = 0;
  const send = (listener: LiveListener, text: string): void => {
    const { response } = listener;
    if (response.writableLength > unreadBytesMax) response.destroy();
    else response.write(text);
  };
  const look = async (): Promise<void> => {
    for (const [name, read] of Object.entries(sources)) {
      const text = JSON.stringify(await read());
      if (text === undefined || told.get(name) === text) continue;
      told.set(name, text);
      serial += 1;
      for (const listener of listeners) send(listener, eventText(name, text, serial));
    }
  };
  const run = async (signal: AbortSignal): Promise<void> => {
    for (let beatAtMs = clock.now() + beatMs; !signal.aborted;) {
      try {
        await look();
      } catch (error) {
        log.warn('the live stream could not look', {
          error: error instanceof Error ? error.message : String(error),
        });
      }
      if (clock.now() >= beatAtMs) {
        beatAtMs = clock.now() + beatMs;
        for (const listener of listeners)
          if (listener.allowed()) send(listener, ': still here\n\n');
          else listener.response.end();
      }
      await clock.sleep(lookMs, signal).catch(() => undefined);
    }
  };
  return {
    join: (listener) => {
      const { response } = listener;
      const leave = room.enter(listener.caller);
      response.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      });
      listeners.add(listener);
      response.on('close', () => {
        leave();
        listeners.delete(listener);
        if (listeners.size > 0) return;
        looking?.abort();
        looking = undefined;
        told.clear();
      });
      send(listener, `retry: ${reconnectMs}\n\n`);
      // Who joins later, or again, begins with everything as it stands.
      for (const [name, text] of told) send(listener, eventText(name, text, serial));
      if (looking === undefined) {
        looking = new AbortController();
        void run(looking.signal);
      }
    },
    close: () => {
      looking?.abort();
      for (const { response } of listeners) response.end();
    },
  };
}

function eventText(name: string, text: string, serial: number): string {
  return `id: ${serial}\nevent: ${name}\ndata: ${text}\n\n`;
}
