import { createCalendar, seededRandom, type BusinessDay, type Calendar, type Random } from '../base/index.ts';
import type { StoredEvent } from '../event/index.ts';
import { createCatalogue, type Catalogue } from './catalogue.ts';
import { openDayEvents, type DayEvents } from './day-events.ts';
import { writeOrders, writeRefunds, type Claim } from './day-orders.ts';
import { chance, poisson } from './distribution.ts';
import { plantedOn, type Manipulation } from './manipulation.ts';
import { promotionsOf } from './promotions.ts';
import { createGrowth, createReaderMaker, type Growth, type Reader, type ReaderOrigin } from './readers.ts';
import { createRhythm, weekdayFactor } from './rhythm.ts';
import { passingSession, readerSession } from './session.ts';
import { createShelves, openShop, type Shelves, type Shop } from './shop.ts';
import type { ShopDay, ShopIds } from './shop-database.ts';
import { catalogueRows, readerRow } from './shop-rows.ts';
import type { Visitor } from './stamp.ts';

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

/** What happens to a world from one day to the next. */
interface WorldState {
  readonly world: Omit<World, 'next'>;
  readonly rhythm: ReturnType<typeof createRhythm>;
  readonly readers: Reader[];
  readonly root: Random;
  readonly arriving: Map<BusinessDay, StoredEvent[]>;
  readonly claims: Map<BusinessDay, Claim[]>;
  /** When the first day begins. */
  readonly firstMs: number;
}

/** A day while it is simulated. */
interface Today {
  readonly state: WorldState;
  readonly day: BusinessDay;
  /** Days since the first. */
  readonly offset: number;
  readonly random: Random;
  readonly shop: Shop;
  readonly events: DayEvents;
}

interface SignUp {
  readonly reader: Reader;
  readonly atMs: number;
}

/** Makes a bookstore on the eve of its first day. */
export function createWorld(options: WorldOptions): World {
  const calendar = options.calendar ?? createCalendar();
  const catalogue = createCatalogue({
    seed: options.seed,
    titles: Math.max(200, Math.round(titlesAtScaleOne * options.scale)),
  });
  const readers: Reader[] = [];
  const world = {
    options,
    calendar,
    catalogue,
    shelves: createShelves(),
    readers,
    makeReader: createReaderMaker({ seed: options.seed, calendar }),
    growth: createGrowth(Math.max(100, Math.round(readersAtScaleOne * options.scale))),
    shopOn: (day: BusinessDay): Shop => {
      const days = calendar.daysBetween(options.firstDay, day);
      const promotions = promotionsOf(options.seed, Math.floor(days / 7), catalogue);
      return openShop(catalogue, promotions, options.seed, days);
    },
  };
  const state: WorldState = {
    world,
    rhythm: createRhythm(calendar),
    readers,
    root: seededRandom(options.seed),
    arriving: new Map(),
    claims: new Map(),
    firstMs: calendar.intervalOf(options.firstDay).startMs,
  };
  let offset = 0;
  return { ...world, next: (ids) => simulateDay(state, offset++, ids) };
}

/** The draws come in a fixed order: whoever changes it changes every simulated bookstore. */
function simulateDay(state: WorldState, offset: number, ids: ShopIds): SimulatedDay {
  const { calendar, catalogue, options, shelves } = state.world;
  const today = begin(state, offset);
  const { day, random, shop, events } = today;
  const signUps = growReaders(today);
  const planted = plantedOn({ ...options, ...state.world, day, offset });
  for (const { reader } of planted?.orders ?? []) {
    if (!signUps.opened.some((each) => each.reader.id === reader.id)) {
      signUps.rows.push(readerRow(reader));
      signUps.opened.push({ reader, atMs: reader.signedUpMs });
    }
  }
  for (const { reader, atMs } of signUps.opened) {
    const action = { kind: 'sign_up', path: '/sign-up', properties: { method: 'email' } };
    if (!reader.blocksTracker) events.emit(action, reader, `${reader.deviceId}-s`, atMs);
  }
  playVisits(today);
  for (const { reader, atMs, line, refundMs } of planted?.orders ?? []) {
    const action = shop.orderAction('purchase', [line], 0, random);
    const properties: Record<string, unknown> = { ...action.properties };
    events.placed.push({ atMs, reader, lines: [line], campaign: null, properties, refundMs });
    events.emit({ ...action, properties }, reader, `${reader.deviceId}-p`, atMs);
  }

  const orders = writeOrders({ placed: events.placed, ids, calendar, catalogue, random });
  for (const [dueDay, claim] of orders.claims) append(state.claims, dueDay, claim);
  const due = state.claims.get(day) ?? [];
  state.claims.delete(day);
  const refunds = writeRefunds({ due, ids, shop, shelves, events, random });
  const ratings = events.ratingRows
    .toSorted((a, b) => (String(a[5]) < String(b[5]) ? -1 : 1))
    .map((row, index) => [ids.rating + index + 1, ...row.slice(1)]);
  const received = events.received.toSorted((a, b) =>
    a.received_at < b.received_at ? -1 : a.received_at > b.received_at ? 1 : a.id < b.id ? -1 : 1,
  );
  const truth: DayTruth = {
    day,
    events: received.length,
    duplicates: events.tally.duplicates,
    late: received.filter((event) => calendar.dayOf(Date.parse(event.occurred_at)) !== day).length,
    botEvents: events.tally.bots,
    ordersWithoutEvent: events.tally.lost,
    orders: orders.orders.length,
    lines: orders.lines.length,
    paid: orders.paid,
    refunds: refunds.length,
    refunded: due.reduce((sum, claim) => sum + claim.line.paid, 0),
    signUps: signUps.opened.length,
    copies: orders.copies,
    manipulation: planted?.manipulation ?? null,
  };
  const { copies: _copies, manipulation: _manipulation, ...counts } = truth;
  const mark = [day, options.firstDay, options.seed, options.scale, JSON.stringify({ ...counts, ids })];
  return {
    day,
    events: received,
    truth,
    rows: {
      ...catalogueRows(catalogue, options.firstDay, offset),
      readers: signUps.rows,
      orders: orders.orders,
      order_lines: orders.lines,
      refunds,
      ratings,
      simulated_days: [mark],
    },
  };
}

function begin(state: WorldState, offset: number): Today {
  const { calendar, catalogue, options, shopOn } = state.world;
  const day = calendar.addDays(options.firstDay, offset);
  const random = state.root.fork(`day:${offset}`);
  const received = state.arriving.get(day) ?? [];
  state.arriving.delete(day);
  const arriveLater = (later: BusinessDay, event: StoredEvent): void => append(state.arriving, later, event);
  const events = openDayEvents({ calendar, catalogue, day, random, received, arriveLater });
  return { state, day, offset, random, shop: shopOn(day), events };
}

/** Accounts opened on the day; on the first, also those that were there before it. */
function growReaders(today: Today): {
  readonly rows: (readonly (string | number)[])[];
  readonly opened: SignUp[];
} {
  const { day, offset, random } = today;
  const { world, readers, rhythm, firstMs } = today.state;
  const rows: (readonly (string | number)[])[] = [];
  const opened: SignUp[] = [];
  for (let index = readers.length; index < world.growth.through(offset + 1); index++) {
    const old = index < world.growth.before;
    const atMs = old
      ? firstMs - Math.floor(random.next() ** 1.5 * 1000 * 86_400_000) - 1
      : rhythm(random, day);
    const reader = world.makeReader('regular', index, atMs);
    readers.push(reader);
    rows.push(readerRow(reader));
    if (!old) opened.push({ reader, atMs });
  }
  return { rows, opened };
}

/** The sessions of readers, passers-by and bots, in the order of their time. */
function playVisits(today: Today): void {
  const { day, random, shop, events } = today;
  const { world, readers, rhythm, firstMs } = today.state;
  const factor = weekdayFactor(day);
  const visits: { readonly startMs: number; readonly reader: Reader | undefined; readonly bot: boolean }[] =
    [];
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
  const bots = poisson(random, 1 + 5 * world.options.scale);
  for (let visit = 0; visit < bots; visit++)
    visits.push({ startMs: rhythm(random, day), reader: undefined, bot: true });
  visits.sort((a, b) => a.startMs - b.startMs);
  for (const { startMs, reader, bot } of visits) {
    const visitor = reader ?? passerBy(random, bot);
    const actions =
      reader === undefined
        ? passingSession(shop, bot, random)
        : readerSession(shop, world.shelves, reader, random);
    events.play(actions, visitor, reader, startMs);
  }
}

function append<T>(lists: Map<BusinessDay, T[]>, day: BusinessDay, value: T): void {
  const list = lists.get(day);
  if (list === undefined) lists.set(day, [value]);
  else list.push(value);
}

/** A device that no account is known of. */
export function passerBy(random: Random, bot: boolean): Visitor {
  const deviceId = `d${Math.floor(random.next() * 2 ** 48)
    .toString(16)
    .padStart(16, '0')}`;
  const ip = bot ? `100.64.${random.below(4)}.0` : `100.${64 + random.below(64)}.${random.below(256)}.0`;
  return { device: bot || chance(random, 0.6) ? 'web' : 'android', deviceId, ip, bot };
}
