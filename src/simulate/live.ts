import { seededRandom, type Clock } from '../base/index.ts';
import type { EventInput } from '../event/index.ts';
import { chance } from './distribution.ts';
import { createPicker } from './picker.ts';
import type { Reader } from './readers.ts';
import { passerBy, type World } from './world.ts';
import { toInput } from './send.ts';
import { passingSession, readerSession, type Action } from './session.ts';
import type { ShopDatabase } from './shop-database.ts';
import { instantText, stampEvent, type Visitor } from './stamp.ts';

/** One step of live traffic: events to send together. Orders are in the shop's database already. */
export interface LiveBatch {
  readonly events: readonly EventInput[];
  readonly orders: number;
  /** How many of the events were spoilt on purpose and must be refused. */
  readonly invalid: number;
}

const sessionsAtOnceMax = 24;
const invalidShare = 0.003;
const stepMs = 250;
const catchUpStepMs = 60_000;

/** What live traffic is made of. */
export interface LiveOptions {
  readonly world: World;
  readonly shop: ShopDatabase;
  readonly clock: Clock;
  /** At an instant, in milliseconds since the epoch. */
  readonly eventsPerSecond: (atMs: number) => number;
  /** Where it begins when that is past: what would have happened since is sent at once. Default: now. */
  readonly fromMs?: number;
  readonly signal?: AbortSignal;
}

/**
 * Goes on with a world in real time until the signal aborts. Sessions of many readers are interwoven; each event is
 * stamped with its step's instant, so reading pauses are not waited for.
 */
export async function* liveTraffic(options: LiveOptions): AsyncGenerator<LiveBatch> {
  const { world, shop, clock } = options;
  const random = seededRandom(world.options.seed).fork(`live:${clock.now()}`);
  const picker = createPicker(world.readers.map((reader) => reader.sessionsPerDay));
  interface Running {
    readonly visitor: Visitor;
    readonly reader: Reader | undefined;
    readonly sessionId: string;
    readonly actions: Iterator<Action>;
  }
  let day = '';
  let today = world.shopOn(world.calendar.dayOf(clock.now()));
  const begin = (atMs: number): Running => {
    const bot = chance(random, 0.03);
    const reader = bot || chance(random, 0.15) ? undefined : world.readers[picker.pick(random)];
    const visitor = reader ?? passerBy(random, bot);
    const actions =
      reader === undefined
        ? passingSession(today, bot, random)
        : readerSession(today, world.shelves, reader, random);
    return {
      visitor,
      reader,
      actions,
      sessionId: `${visitor.deviceId.slice(1)}-${atMs.toString(36)}`,
    };
  };
  const running: Running[] = [];
  let owed = 0;
  const stopped = (): boolean => options.signal?.aborted ?? false;
  let nowMs = Math.min(options.fromMs ?? Infinity, clock.now());
  while (!stopped()) {
    const behind = clock.now() - nowMs > catchUpStepMs;
    nowMs = behind ? nowMs + catchUpStepMs : clock.now();
    const rate = options.eventsPerSecond(nowMs);
    const sessionsAtOnce = Math.min(sessionsAtOnceMax, Math.ceil(rate * 60));
    const thisDay = world.calendar.dayOf(nowMs);
    if (thisDay !== day) today = world.shopOn((day = thisDay));
    owed += (rate * (behind ? catchUpStepMs : stepMs)) / 1000;
    const events: EventInput[] = [];
    let orders = 0;
    let invalid = 0;
    for (; owed >= 1; owed--) {
      while (running.length < sessionsAtOnce) running.push(begin(nowMs));
      const place = random.below(running.length);
      const session = running[place] as Running;
      const step = session.actions.next();
      if (step.done === true) {
        running.splice(place, 1);
        owed++;
        continue;
      }
      let action = step.value;
      const at = instantText(nowMs);
      if (action.order !== undefined && session.reader !== undefined) {
        const ids = shop.ids();
        const orderId = ids.order + 1;
        const { id, device } = session.reader;
        const { lines, campaign } = action.order;
        const total = lines.reduce((sum, line) => sum + line.paid, 0);
        shop.write({
          orders: [[orderId, id, at, device, campaign, 'KRW', total]],
          order_lines: lines.map((line, index) => [
            ids.line + index + 1,
            orderId,
            world.catalogue.itemId(line.title),
            line.kind,
            line.copies,
            line.listPrice,
            line.paid,
            line.promotionId,
            at,
            id,
          ]),
        });
        orders++;
        action = {
          ...action,
          properties: { ...action.properties, transaction_id: String(orderId) },
        };
      }
      if (action.rating !== undefined && session.reader !== undefined) {
        const { title, stars, review } = action.rating;
        shop.write({
          ratings: [
            [shop.ids().rating + 1, session.reader.id, world.catalogue.itemId(title), stars, review, at],
          ],
        });
      }
      const { visitor, sessionId } = session;
      const stamped = stampEvent({
        action,
        visitor,
        sessionId,
        occurredMs: nowMs,
        receivedMs: nowMs,
        random,
      });
      // One program sends for all of them: it says whose browser or app it is.
      const event = { ...toInput(stamped), user_agent: stamped.user_agent ?? '' };
      const spoilt = action.order === undefined && chance(random, invalidShare);
      if (spoilt) invalid++;
      events.push(spoilt ? { ...event, occurred_at: 'yesterday' } : event);
    }
    if (events.length > 0) yield { events, orders, invalid };
    if (behind) continue;
    try {
      await clock.sleep(stepMs, options.signal);
    } catch (error) {
      if (stopped()) return;
      throw error;
    }
  }
}
