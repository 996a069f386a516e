import type { BusinessDay, Calendar, Random } from '../base/index.ts';
import type { Catalogue } from './catalogue.ts';
import type { DayEvents, Placed } from './day-events.ts';
import { chance, exponential } from './distribution.ts';
import type { Reader } from './readers.ts';
import type { OrderLine } from './session.ts';
import type { Shelves, Shop } from './shop.ts';
import type { ShopIds } from './shop-database.ts';
import { instantText } from './stamp.ts';

/** A line whose money will be claimed back. */
export interface Claim {
  readonly dueMs: number;
  readonly reader: Reader;
  readonly orderId: number;
  readonly lineId: number;
  readonly line: OrderLine;
}

/** A day's orders as the shop's rows, and what they come to. */
export interface DayOrders {
  readonly orders: readonly (readonly (string | number | null)[])[];
  readonly lines: readonly (readonly (string | number | null)[])[];
  /** Copies by title and kind of line. */
  readonly copies: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly paid: number;
  /** Lines to be refunded, by the day on which they are. */
  readonly claims: readonly (readonly [BusinessDay, Claim])[];
}

/** Numbers a day's orders in the order of their time; their events learn the numbers. */
export function writeOrders(options: {
  readonly placed: readonly Placed[];
  readonly ids: ShopIds;
  readonly calendar: Calendar;
  readonly catalogue: Catalogue;
  readonly random: Random;
}): DayOrders {
  const { ids, calendar, catalogue, random } = options;
  const placed = options.placed.toSorted((a, b) => a.atMs - b.atMs || (a.reader.id < b.reader.id ? -1 : 1));
  const orders: (string | number | null)[][] = [];
  const lines: (string | number | null)[][] = [];
  const copies: Record<string, Record<string, number>> = {};
  const claims: [BusinessDay, Claim][] = [];
  let paid = 0;
  for (const order of placed) {
    const { reader } = order;
    const orderId = ids.order + orders.length + 1;
    const at = instantText(order.atMs);
    if (order.properties !== undefined) order.properties.transaction_id = String(orderId);
    const total = order.lines.reduce((sum, line) => sum + line.paid, 0);
    paid += total;
    orders.push([orderId, reader.id, at, reader.device, order.campaign, 'KRW', total]);
    for (const line of order.lines) {
      const { kind, promotionId } = line;
      const lineId = ids.line + lines.length + 1;
      const itemId = catalogue.itemId(line.title);
      const sums = [line.copies, line.listPrice, line.paid];
      lines.push([lineId, orderId, itemId, kind, ...sums, promotionId, at, reader.id]);
      const byKind = (copies[itemId] ??= {});
      byKind[kind] = (byKind[kind] ?? 0) + line.copies;
      const dueMs = order.refundMs ?? refundMs(order, line, random);
      if (dueMs !== undefined) claims.push([calendar.dayOf(dueMs), { dueMs, reader, orderId, lineId, line }]);
    }
  }
  return { orders, lines, copies, paid, claims };
}

/** Two of a hundred paid purchases go back, after ten minutes to a week. */
function refundMs(order: Placed, line: OrderLine, random: Random): number | undefined {
  if (line.kind !== 'purchase' || line.paid === 0 || !chance(random, 0.02)) return undefined;
  return Math.round(order.atMs + (10 / 60 + Math.min(140, exponential(random, 30))) * 3_600_000);
}

/** Pays claims back in the order of their time: shelves, events and the shop's rows. */
export function writeRefunds(options: {
  readonly due: readonly Claim[];
  readonly ids: ShopIds;
  readonly shop: Shop;
  readonly shelves: Shelves;
  readonly events: DayEvents;
  readonly random: Random;
}): readonly (readonly (string | number)[])[] {
  const { ids, shop, shelves, events, random } = options;
  const due = options.due.toSorted((a, b) => a.dueMs - b.dueMs || a.lineId - b.lineId);
  return due.map(({ dueMs, reader, orderId, lineId, line }, index) => {
    shelves.give(reader.id, line.title);
    const items = [{ ...shop.eventItem(line.title), quantity: line.copies, price: line.paid / line.copies }];
    const properties = { currency: 'KRW', value: line.paid, transaction_id: String(orderId) };
    const action = { kind: 'refund', path: '/orders', items, properties };
    if (!reader.blocksTracker) events.emit(action, reader, `${reader.deviceId}-r`, dueMs);
    return [
      ids.refund + index + 1,
      lineId,
      line.copies,
      line.paid,
      instantText(dueMs),
      random.pick(['changed mind', 'bought twice', 'wrong volume']),
    ];
  });
}
