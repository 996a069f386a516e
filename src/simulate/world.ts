import { createCalendar, seededRandom, type BusinessDay, type Calendar, type Random } from '../base/index.ts';
import type { StoredEvent } from '../event/index.ts';
import { createCatalogue, type Catalogue } from './catalogue.ts';
import { between, chance, exponential, poisson } from './distribution.ts';
import { plantedOn, type Manipulation } from './manipulation.ts';
import { promotionsOf } from './promotions.ts';
import { createGrowth, createReaderMaker, type Growth, type Reader, type ReaderOrigin } from './readers.ts';
import { createRhythm, weekdayFactor } from './rhythm.ts';
import { passingSession, readerSession, type Action, type OrderLine } from './session.ts';
import { createShelves, openShop, type Shelves, type Shop } from './shop.ts';
import type { ShopDay, ShopIds } from './shop-database.ts';
import { catalogueRows, readerRow } from './shop-rows.ts';
import { instantText, stampEvent, type Visitor } from './stamp.ts';

/** What a simulated bookstore follows from. */
export interface WorldOptions {
  readonly seed: number;
  /** 1 is about 3,000 titles, 2,000 readers and 3,000 events a day. */
  readonly scale: number;
  /** The first simulated day; everything is counted from it. */
  readonly firstDay: BusinessDay;
  readonly calendar?: Calendar;
}

/** What truly happened on a day. */
export interface DayTruth {
  readonly day: BusinessDay;
  /** Records for the event log, with duplicates. */
  readonly events: number;
  readonly duplicates: number;
  /** Events received on this day that happened on an earlier one. */
  readonly late: number;
  readonly botEvents: number;
  /** Orders whose purchase event an ad blocker swallowed. */
  readonly ordersWithoutEvent: number;
  readonly orders: number;
  readonly lines: number;
  readonly paid: number;
  readonly refunds: number;
  readonly refunded: number;
  readonly signUps: number;
  /** Copies in the order lines of the day, by title and kind of line. */
  readonly copies: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly manipulation: Manipulation | null;
}

/** Everything that one day adds. */
export interface SimulatedDay {
  readonly day: BusinessDay;
  /** In the order in which the collector received them. */
  readonly events: readonly StoredEvent[];
  readonly rows: ShopDay;
  readonly truth: DayTruth;
}

/** A bookstore that is moved on day by day; days must be taken in order, from the first. */
export interface World {
  readonly options: WorldOptions;
  readonly calendar: Calendar;
  readonly catalogue: Catalogue;
  readonly shelves: Shelves;
  /** Every account that exists, oldest first. */
  readonly readers: readonly Reader[];
  readonly makeReader: (origin: ReaderOrigin, index: number, signedUpMs: number) => Reader;
  readonly growth: Growth;
  shopOn(day: BusinessDay): Shop;
  /** @param ids - the highest numbers taken so far */
  next(ids: ShopIds): SimulatedDay;
}

const titlesAtScaleOne = 3000;
const readersAtScaleOne = 2000;

interface Placed {
  readonly atMs: number;
  readonly reader: Reader;
  readonly lines: readonly OrderLine[];
  readonly campaign: string | null;
  readonly properties: Record<string, unknown> | undefined;
  readonly refundMs: number | null;
}

interface Claim {
  readonly dueMs: number;
  readonly reader: Reader;
  readonly orderId: number;
  readonly lineId: number;
  readonly line: OrderLine;
}

/** Makes a bookstore on the eve of its first day. */
export function createWorld(options: WorldOptions): World {
  const calendar = options.calendar ?? createCalendar();
  const catalogue = createCatalogue({
    seed: options.seed,
    titles: Math.max(200, Math.round(titlesAtScaleOne * options.scale)),
  });
  const growth = createGrowth(Math.max(100, Math.round(readersAtScaleOne * options.scale)));
  const makeReader = createReaderMaker({ seed: options.seed, calendar });
  const rhythm = createRhythm(calendar);
  const shelves = createShelves();
  const readers: Reader[] = [];
  const root = seededRandom(options.seed);
  const arriving = new Map<BusinessDay, StoredEvent[]>();
  const claims = new Map<BusinessDay, Claim[]>();
  const { startMs: firstMs } = calendar.intervalOf(options.firstDay);
  let offset = 0;

  const shopOn = (day: BusinessDay): Shop => {
    const days = calendar.daysBetween(options.firstDay, day);
    return openShop(
      catalogue,
      promotionsOf(options.seed, Math.floor(days / 7), catalogue),
      options.seed,
      days,
    );
  };

  const next = (ids: ShopIds): SimulatedDay => {
    const day = calendar.addDays(options.firstDay, offset);
    const { endMs } = calendar.intervalOf(day);
    const random = root.fork(`day:${offset}`);
    const shop = shopOn(day);
    const rows = {
      ...catalogueRows(catalogue, options.firstDay, offset),
      readers: [] as (readonly (string | number)[])[],
    };
    const received = arriving.get(day) ?? [];
    arriving.delete(day);
    const placed: Placed[] = [];
    const ratingRows: (string | number | null)[][] = [];
    const tally = { duplicates: 0, bots: 0, lost: 0 };
    const arrive = (event: StoredEvent, receivedMs: number): void => {
      const receivedDay = calendar.dayOf(receivedMs);
      if (receivedDay === day) received.push(event);
      else arriving.set(receivedDay, [...(arriving.get(receivedDay) ?? []), event]);
    };
    const emit = (
      action: Omit<Action, 'waitMs'>,
      visitor: Visitor,
      sessionId: string,
      occurredMs: number,
    ): void => {
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
    const play = (
      actions: Iterable<Action>,
      visitor: Visitor,
      reader: Reader | undefined,
      startMs: number,
    ): void => {
      let atMs = startMs;
      const sessionId = `${visitor.deviceId.slice(1)}-${startMs.toString(36)}`;
      for (const action of actions) {
        atMs += action.waitMs;
        if (atMs >= endMs) return;
        const seen = reader?.blocksTracker !== true;
        if (action.order !== undefined && reader !== undefined) {
          const properties: Record<string, unknown> = { ...action.properties };
          placed.push({
            atMs,
            reader,
            lines: action.order.lines,
            campaign: action.order.campaign,
            properties,
            refundMs: null,
          });
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

    const signUps: { readonly reader: Reader; readonly atMs: number }[] = [];
    for (let index = readers.length; index < growth.through(offset + 1); index++) {
      const old = index < growth.before;
      const atMs = old
        ? firstMs - Math.floor(random.next() ** 1.5 * 1000 * 86_400_000) - 1
        : rhythm(random, day);
      const reader = makeReader('regular', index, atMs);
      readers.push(reader);
      rows.readers.push(readerRow(reader));
      if (!old) signUps.push({ reader, atMs });
    }
    const planted = plantedOn({ ...options, calendar, catalogue, day, offset, makeReader });
    for (const order of planted?.orders ?? []) {
      if (!signUps.some((each) => each.reader.id === order.reader.id)) {
        rows.readers.push(readerRow(order.reader));
        signUps.push({ reader: order.reader, atMs: order.reader.signedUpMs });
      }
    }
    for (const { reader, atMs } of signUps) {
      if (!reader.blocksTracker) {
        emit(
          { kind: 'sign_up', path: '/sign-up', properties: { method: 'email' } },
          reader,
          `${reader.deviceId}-s`,
          atMs,
        );
      }
    }

    const factor = weekdayFactor(day);
    const visits: {
      readonly startMs: number;
      readonly reader: Reader | undefined;
      readonly bot: boolean;
    }[] = [];
    for (const reader of readers) {
      const count = poisson(random, reader.sessionsPerDay * factor * (reader.signedUpMs > firstMs ? 2 : 1));
      for (let visit = 0; visit < Math.min(count, 12); visit++) {
        const startMs = rhythm(random, day);
        if (startMs > reader.signedUpMs) visits.push({ startMs, reader, bot: false });
      }
    }
    const passers = poisson(random, readers.length * 0.035 * factor);
    for (let visit = 0; visit < passers; visit++)
      visits.push({ startMs: rhythm(random, day), reader: undefined, bot: false });
    const bots = poisson(random, 1 + 5 * options.scale);
    for (let visit = 0; visit < bots; visit++)
      visits.push({ startMs: rhythm(random, day), reader: undefined, bot: true });
    visits.sort((a, b) => a.startMs - b.startMs);
    for (const { startMs, reader, bot } of visits) {
      const visitor = reader ?? passerBy(random, bot);
      const actions =
        reader === undefined
          ? passingSession(shop, bot, random)
          : readerSession(shop, shelves, reader, random);
      play(actions, visitor, reader, startMs);
    }
    for (const { reader, atMs, line, refundMs } of planted?.orders ?? []) {
      const action = shop.orderAction('purchase', [line], 0, random);
      const properties: Record<string, unknown> = { ...action.properties };
      placed.push({ atMs, reader, lines: [line], campaign: null, properties, refundMs });
      emit({ ...action, properties }, reader, `${reader.deviceId}-p`, atMs);
    }

    placed.sort((a, b) => a.atMs - b.atMs || (a.reader.id < b.reader.id ? -1 : 1));
    const orders: (string | number | null)[][] = [];
    const lines: (string | number | null)[][] = [];
    const copies: Record<string, Record<string, number>> = {};
    let paid = 0;
    for (const order of placed) {
      const orderId = ids.order + orders.length + 1;
      const at = instantText(order.atMs);
      if (order.properties !== undefined) order.properties.transaction_id = String(orderId);
      const total = order.lines.reduce((sum, line) => sum + line.paid, 0);
      paid += total;
      orders.push([orderId, order.reader.id, at, order.reader.device, order.campaign, 'KRW', total]);
      for (const line of order.lines) {
        const lineId = ids.line + lines.length + 1;
        const itemId = catalogue.itemId(line.title);
        lines.push([
          lineId,
          orderId,
          itemId,
          line.kind,
          line.copies,
          line.listPrice,
          line.paid,
          line.promotionId,
          at,
          order.reader.id,
        ]);
        const byKind = (copies[itemId] ??= {});
        byKind[line.kind] = (byKind[line.kind] ?? 0) + line.copies;
        const dueMs =
          order.refundMs ??
          (line.kind === 'purchase' && line.paid > 0 && chance(random, 0.02)
            ? Math.round(order.atMs + (10 / 60 + Math.min(140, exponential(random, 30))) * 3_600_000)
            : undefined);
        if (dueMs === undefined) continue;
        const dueDay = calendar.dayOf(dueMs);
        claims.set(dueDay, [
          ...(claims.get(dueDay) ?? []),
          { dueMs, reader: order.reader, orderId, lineId, line },
        ]);
      }
    }
    const due = (claims.get(day) ?? []).toSorted((a, b) => a.dueMs - b.dueMs || a.lineId - b.lineId);
    claims.delete(day);
    const refunds = due.map(({ dueMs, reader, orderId, lineId, line }, index) => {
      shelves.give(reader.id, line.title);
      const items = [
        { ...shop.eventItem(line.title), quantity: line.copies, price: line.paid / line.copies },
      ];
      const properties = { currency: 'KRW', value: line.paid, transaction_id: String(orderId) };
      if (!reader.blocksTracker)
        emit({ kind: 'refund', path: '/orders', items, properties }, reader, `${reader.deviceId}-r`, dueMs);
      return [
        ids.refund + index + 1,
        lineId,
        line.copies,
        line.paid,
        instantText(dueMs),
        random.pick(['changed mind', 'bought twice', 'wrong volume']),
      ];
    });
    ratingRows.sort((a, b) => (String(a[5]) < String(b[5]) ? -1 : 1));
    const ratings = ratingRows.map((row, index) => [ids.rating + index + 1, ...row.slice(1)]);
    const events = received.sort((a, b) =>
      a.received_at < b.received_at ? -1 : a.received_at > b.received_at ? 1 : a.id < b.id ? -1 : 1,
    );
    offset++;
    const truth: DayTruth = {
      day,
      events: events.length,
      duplicates: tally.duplicates,
      late: events.filter((event) => calendar.dayOf(Date.parse(event.occurred_at)) !== day).length,
      botEvents: tally.bots,
      ordersWithoutEvent: tally.lost,
      orders: orders.length,
      lines: lines.length,
      paid,
      refunds: refunds.length,
      refunded: due.reduce((sum, claim) => sum + claim.line.paid, 0),
      signUps: signUps.length,
      copies,
      manipulation: planted?.manipulation ?? null,
    };
    const { copies: _copies, manipulation: _manipulation, ...counts } = truth;
    const mark = [day, options.firstDay, options.seed, options.scale, JSON.stringify({ ...counts, ids })];
    return {
      day,
      events,
      truth,
      rows: { ...rows, orders, order_lines: lines, refunds, ratings, simulated_days: [mark] },
    };
  };
  return { options, calendar, catalogue, shelves, readers, makeReader, growth, shopOn, next };
}

/** A device that no account is known of. */
export function passerBy(random: Random, bot: boolean): Visitor {
  const deviceId = `d${Math.floor(random.next() * 2 ** 48)
    .toString(16)
    .padStart(16, '0')}`;
  const ip = bot ? `100.64.${random.below(4)}.0` : `100.${64 + random.below(64)}.${random.below(256)}.0`;
  return { device: bot || chance(random, 0.6) ? 'web' : 'android', deviceId, ip, bot };
}
