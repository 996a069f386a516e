import { createCalendar, seededRandom, type BusinessDay, type Calendar } from '../base/index.ts';
import type { Catalogue } from './catalogue.ts';
import { leafCategories } from './categories.ts';
import { chance } from './distribution.ts';
import { createPicker } from './picker.ts';
import { readerId } from './readers.ts';
import { createRhythm } from './rhythm.ts';
import type { ShopDatabase } from './shop-database.ts';
import { instantText } from './stamp.ts';

/** One line of a sale, without browsing around it. */
export interface Sale {
  readonly lineId: number;
  readonly orderId: number;
  readonly readerId: string;
  readonly itemId: string;
  readonly kind: 'purchase' | 'rental';
  readonly listPrice: number;
  readonly paid: number;
  /** Epoch milliseconds. */
  readonly atMs: number;
}

/** What a day of sales is made from. Days are independent of each other. */
export interface SalesOptions {
  readonly catalogue: Catalogue;
  readonly seed: number;
  readonly day: BusinessDay;
  /** Lines on that day. */
  readonly sales: number;
  readonly readers: number;
  readonly firstOrderId: number;
  readonly firstLineId: number;
  readonly calendar?: Calendar;
  readonly linesInBatch?: number;
}

/** A day's sales in batches; memory does not grow with their number. */
export function* salesOfDay(options: SalesOptions): Generator<readonly Sale[]> {
  const { catalogue } = options;
  const calendar = options.calendar ?? createCalendar();
  const random = seededRandom(options.seed).fork(`sales:${options.day}`);
  const weights = Float64Array.from({ length: catalogue.titleCount }, (_, title) =>
    catalogue.price(title) === 0
      ? 0
      : catalogue.appeal(title) * (leafCategories[catalogue.workOf(title).category]?.demand ?? 0),
  );
  const titles = createPicker(weights);
  const rhythm = createRhythm(calendar);
  const batchSize = options.linesInBatch ?? 10_000;
  let batch: Sale[] = [];
  let orderId = options.firstOrderId;
  let buyer = '';
  let atMs = 0;
  for (let line = 0; line < options.sales; line++) {
    if (line === 0 || chance(random, 0.6)) {
      if (line > 0) orderId++;
      buyer = readerId('regular', Math.floor(random.next() ** 2 * options.readers));
      atMs = rhythm(random, options.day);
    }
    const title = titles.pick(random);
    const listPrice = catalogue.price(title);
    const rental = chance(random, 0.05) && catalogue.rentalPrice(title) > 0;
    const paid = rental
      ? catalogue.rentalPrice(title)
      : chance(random, 0.15)
        ? Math.round(listPrice * 0.9)
        : listPrice;
    batch.push({
      lineId: options.firstLineId + line,
      orderId,
      readerId: buyer,
      itemId: catalogue.itemId(title),
      kind: rental ? 'rental' : 'purchase',
      listPrice,
      paid,
      atMs,
    });
    if (batch.length === batchSize) {
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}

/** Writes a day of sales into the shop's database, a transaction per batch; yields the lines written so far. */
export function* writeSales(
  options: Omit<SalesOptions, 'firstOrderId' | 'firstLineId'> & { readonly shop: ShopDatabase },
): Generator<number> {
  const ids = options.shop.ids();
  const totals = new Map<number, { readonly sale: Sale; paid: number }>();
  let lines = 0;
  const orderRows = (keepLast: boolean): (string | number | null)[][] => {
    const last = [...totals.keys()].at(-1);
    const rows: (string | number | null)[][] = [];
    for (const [orderId, { sale, paid }] of totals) {
      if (keepLast && orderId === last) continue;
      rows.push([orderId, sale.readerId, instantText(sale.atMs), 'web', null, 'KRW', paid]);
      totals.delete(orderId);
    }
    return rows;
  };
  for (const batch of salesOfDay({
    ...options,
    firstOrderId: ids.order + 1,
    firstLineId: ids.line + 1,
  })) {
    const rows = batch.map((sale) => {
      const order = totals.get(sale.orderId) ?? { sale, paid: 0 };
      order.paid += sale.paid;
      totals.set(sale.orderId, order);
      return [
        sale.lineId,
        sale.orderId,
        sale.itemId,
        sale.kind,
        1,
        sale.listPrice,
        sale.paid,
        null,
        instantText(sale.atMs),
        sale.readerId,
      ];
    });
    // An order that goes on in the next batch is written with it, when its total is known.
    options.shop.write({ order_lines: rows, orders: orderRows(true) });
    lines += rows.length;
    yield lines;
  }
  options.shop.write({ orders: orderRows(false) });
}
