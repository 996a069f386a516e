import { useEffect, useState } from 'react';
import type { TailEvent, TailNews } from '../../../api/index.ts';
import { addressOf, consoleHeader } from '../../data/request.ts';

/** An event of the tail with a name of its own. */
export interface Told extends TailEvent {
  readonly serial: number;
}

/** The tail as it is shown. */
export interface Tail {
  readonly state: 'waiting' | 'live' | 'lost' | 'absent';
  /** The newest first. */
  readonly events: readonly Told[];
  /** Events a second, of the last ten seconds, matching or not; undefined until it is known. */
  readonly rate: number | undefined;
  /** Too fast to be told. */
  readonly missed: number;
  /** How many were told so far. */
  readonly told: number;
}

export interface TailFilter {
  readonly kind?: string | undefined;
  readonly source?: string | undefined;
  readonly reader?: string | undefined;
  readonly text?: string | undefined;
  readonly failed?: boolean | undefined;
}

const keptMax = 200;
const rateTicks = 20;
const againMs = 3_000;
const empty: Tail = { state: 'waiting', events: [], rate: undefined, missed: 0, told: 0 };

/** Follows the tail. */
export function useTail(filter: TailFilter): Tail {
  const { kind, source, reader, text, failed } = filter;
  const key = JSON.stringify([kind, source, reader, text, failed]);
  const [known, setKnown] = useState({ key, tail: empty });
  useEffect(() => {
    const change = (next: (tail: Tail) => Tail): void =>
      setKnown((before) => ({ key, tail: next(before.key === key ? before.tail : empty) }));
    let serial = 0;
    const ticks: TailNews[] = [];
    const take = (news: TailNews): void => {
      if (news.received > 0 || ticks.length > 0) ticks.push(news);
      if (ticks.length > rateTicks) ticks.shift();
      const seconds = ticks.reduce((sum, tick) => sum + tick.seconds, 0);
      const rate = seconds === 0 ? 0 : ticks.reduce((sum, tick) => sum + tick.received, 0) / seconds;
      const told = news.events.map((event): Told => ({ ...event, serial: (serial += 1) })).toReversed();
      const all = serial;
      change((tail) => ({
        state: 'live',
        events: told.length === 0 ? tail.events : [...told, ...tail.events].slice(0, keptMax),
        rate,
        missed: tail.missed + news.missed,
        told: all,
      }));
    };
    const query = { kind, source, reader, text, ...(failed === true ? { failed } : {}) };
    const address = addressOf('/v1/events/tail', query);
    let stream: EventSource | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const open = (): void => {
      stream = new EventSource(address);
      stream.addEventListener('events', (event) => take(JSON.parse(event.data as string) as TailNews));
      stream.addEventListener('error', () => {
        change((tail) => ({ ...tail, state: 'lost' }));
        if (stream?.readyState !== EventSource.CLOSED) return;
        // The stream does not say why it was refused; a plain request does.
        timer = setTimeout(
          () => void askWhy(address, () => change(() => ({ ...empty, state: 'absent' })), open),
          againMs,
        );
      });
    };
    open();
    return () => {
      clearTimeout(timer);
      stream?.close();
    };
  }, [key, kind, source, reader, text, failed]);
  return known.key === key ? known.tail : empty;
}

async function askWhy(address: string, absent: () => void, again: () => void): Promise<void> {
  const gone = new AbortController();
  try {
    const answer = await fetch(address, { headers: consoleHeader, signal: gone.signal });
    gone.abort();
    if (answer.status === 404) absent();
    else again();
  } catch {
    again();
  }
}
