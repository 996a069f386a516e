import type { BusinessDay, Calendar, Random } from '../base/index.ts';
import type { StoredEvent } from '../event/index.ts';
import type { Catalogue } from './catalogue.ts';
import { between, chance, exponential } from './distribution.ts';
import type { Reader } from './readers.ts';
import type { Action, OrderLine } from './session.ts';
import { instantText, stampEvent, type Visitor } from './stamp.ts';

/** An order before it has a number. */
export interface Placed {
  readonly atMs: number;
  readonly reader: Reader;
  readonly lines: readonly OrderLine[];
  readonly campaign: string | null;
  /** Of its event; the number is added when it is known. */
  readonly properties: Record<string, unknown> | undefined;
  readonly refundMs: number | null;
}

/** What is done on a day, as it becomes events, orders and ratings. */
export interface DayEvents {
  /** Received on the day; what comes later goes to `arriveLater`. */
  readonly received: StoredEvent[];
  readonly placed: Placed[];
  readonly ratingRows: (string | number | null)[][];
  readonly tally: { duplicates: number; bots: number; lost: number };
  /** Sends one event, sometimes late and sometimes twice. */
  emit(action: Omit<Action, 'waitMs'>, visitor: Visitor, sessionId: string, occurredMs: number): void;
  /** Sends a session's events up to the end of the day. */
  play(actions: Iterable<Action>, visitor: Visitor, reader: Reader | undefined, startMs: number): void;
}

/** Begins a day with the events that earlier ones left to arrive on it. */
export function openDayEvents(options: {
  readonly calendar: Calendar;
  readonly catalogue: Catalogue;
  readonly day: BusinessDay;
  readonly random: Random;
  readonly received: StoredEvent[];
  readonly arriveLater: (day: BusinessDay, event: StoredEvent) => void;
}): DayEvents {
  const { calendar, catalogue, day, random, received } = options;
  const { endMs } = calendar.intervalOf(day);
  const placed: Placed[] = [];
  const ratingRows: (string | number | null)[][] = [];
  const tally = { duplicates: 0, bots: 0, lost: 0 };

  const arrive = (event: StoredEvent, receivedMs: number): void => {
    const receivedDay = calendar.dayOf(receivedMs);
    if (receivedDay === day) received.push(event);
    else options.arriveLater(receivedDay, event);
  };
  const emit: DayEvents['emit'] = (action, visitor, sessionId, occurredMs) => {
    const late = visitor.device !== 'web' && action.order === undefined && chance(random, 0.004);
    const receivedMs = Math.round(
      occurredMs + (late ? between(random, 4, 60) * 3_600_000 : 150 + exponential(random, 900)),
    );
    const event = stampEvent({ action, visitor, sessionId, occurredMs, receivedMs, random });
    if (visitor.bot === true) tally.bots++;
    arrive(event, receivedMs);
    if (!chance(random, 0.007)) return;
    const againMs = receivedMs + Math.round(1000 + exponential(random, 60_000));
    tally.duplicates++;
    arrive({ ...event, sent_at: instantText(againMs - 40), received_at: instantText(againMs) }, againMs);
  };
  const play: DayEvents['play'] = (actions, visitor, reader, startMs) => {
    let atMs = startMs;
    const sessionId = `${visitor.deviceId.slice(1)}-${startMs.toString(36)}`;
    for (const action of actions) {
      atMs += action.waitMs;
      if (atMs >= endMs) return;
      const seen = reader?.blocksTracker !== true;
      if (action.order !== undefined && reader !== undefined) {
        const { lines, campaign } = action.order;
        const properties: Record<string, unknown> = { ...action.properties };
        placed.push({ atMs, reader, lines, campaign, properties, refundMs: null });
        if (seen) emit({ ...action, properties }, visitor, sessionId, atMs);
        else tally.lost++;
        continue;
      }
      if (action.rating !== undefined && reader !== undefined) {
        const { title, stars, review } = action.rating;
        ratingRows.push([0, reader.id, catalogue.itemId(title), stars, review, instantText(atMs)]);
      }
      if (seen) emit(action, visitor, sessionId, atMs);
    }
  };
  return { received, placed, ratingRows, tally, emit, play };
}
