import { seededRandom, type BusinessDay, type Calendar } from '../base/index.ts';
import type { Catalogue } from './catalogue.ts';
import type { Reader, ReaderOrigin } from './readers.ts';
import type { OrderLine } from './session.ts';

/** A planted attack on the lists, as the ground truth tells it. */
export interface Manipulation {
  readonly kind: 'buyers-ring' | 'bulk-buyer' | 'refund-after-rank';
  readonly day: BusinessDay;
  readonly itemId: string;
  readonly readerIds: readonly string[];
  readonly copies: number;
}

/** A planted purchase with the account that makes it. */
export interface PlantedOrder {
  readonly reader: Reader;
  /** Whether the account was opened for it. */
  readonly fresh: boolean;
  readonly atMs: number;
  readonly line: OrderLine;
  /** When the money is claimed back, if it is. */
  readonly refundMs: number | null;
}

const everyDays = 10;
const plantedSlots = 64;

/** The attack of a day, if one is planted: on the third, sixth and eighth day of every ten. */
export function plantedOn(options: {
  readonly seed: number;
  readonly day: BusinessDay;
  readonly offset: number;
  readonly calendar: Calendar;
  readonly catalogue: Catalogue;
  readonly scale: number;
  readonly makeReader: (origin: ReaderOrigin, index: number, signedUpMs: number) => Reader;
}): { readonly manipulation: Manipulation; readonly orders: readonly PlantedOrder[] } | undefined {
  const { catalogue, calendar, day, offset } = options;
  const place = offset % everyDays;
  const kind =
    place === 2 ? 'bulk-buyer' : place === 5 ? 'buyers-ring' : place === 7 ? 'refund-after-rank' : undefined;
  if (kind === undefined) return undefined;
  const random = seededRandom(options.seed).fork(`planted:${offset}`);
  let title = random.below(catalogue.titleCount);
  while (catalogue.price(title) === 0 || catalogue.releaseOffset(title) > -60)
    title = random.below(catalogue.titleCount);
  const { startMs } = calendar.intervalOf(day);
  const accounts =
    kind === 'bulk-buyer' ? 1 : Math.min(plantedSlots, Math.round(24 * Math.max(1, options.scale) ** 0.3));
  const network = `100.127.${random.below(256)}.0`;
  const price = catalogue.price(title);
  const orders: PlantedOrder[] = [];
  for (let account = 0; account < accounts; account++) {
    const signedUpMs = startMs + random.below(8 * 3_600_000);
    const reader = {
      ...options.makeReader('ring', offset * plantedSlots + account, signedUpMs),
      kind: 'person' as const,
      ip: network,
      blocksTracker: false,
    };
    for (const copies of kind === 'bulk-buyer' ? [9, 40] : [1]) {
      const atMs = startMs + 9 * 3_600_000 + random.below(90 * 60_000);
      const line: OrderLine = {
        title,
        kind: 'purchase',
        copies,
        listPrice: price,
        paid: price * copies,
        promotionId: null,
      };
      // Claimed back after the morning's list is out.
      const refundMs =
        kind === 'refund-after-rank'
          ? startMs + 24 * 3_600_000 + (5 * 60 + random.below(180)) * 60_000
          : null;
      orders.push({ reader, fresh: true, atMs, line, refundMs });
    }
  }
  return {
    manipulation: {
      kind,
      day,
      itemId: catalogue.itemId(title),
      readerIds: [...new Set(orders.map((order) => order.reader.id))],
      copies: orders.reduce((sum, order) => sum + order.line.copies, 0),
    },
    orders,
  };
}
