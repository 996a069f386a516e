import type { Random } from '../base/index.ts';
import type { EventItem } from '../event/index.ts';
import { categories } from './categories.ts';
import { between, chance, exponential } from './distribution.ts';
import type { Offer, Shelves, Shop } from './shop.ts';
import { affinity, type Reader } from './readers.ts';

/** What a line of an order is for. */
export type LineKind = 'purchase' | 'rental' | 'subscription' | 'gift';

/** A line of an order before it has a number. */
export interface OrderLine {
  readonly title: number;
  readonly kind: LineKind;
  readonly copies: number;
  readonly listPrice: number;
  /** For all copies, in KRW. */
  readonly paid: number;
  readonly promotionId: string | null;
}

/** One thing a reader does; who drives the session gives it its time and its ids. */
export interface Action {
  /** Time since the action before it. */
  readonly waitMs: number;
  readonly kind: string;
  readonly path: string;
  readonly title?: string;
  readonly items?: readonly EventItem[];
  readonly properties?: Readonly<Record<string, unknown>>;
  /** The order placed by this action; its number becomes `transaction_id`. */
  readonly order?: { readonly lines: readonly OrderLine[]; readonly campaign: string | null };
  readonly rating?: {
    readonly title: number;
    readonly stars: number;
    readonly review: string | null;
  };
}

const reviews = [
  '단숨에 읽었습니다.',
  '다음 권이 기다려져요.',
  '생각보다 평범했어요.',
  'A warm book for a cold night.',
  '문장이 아름답습니다.',
];
const noResults = ['없는책제목', 'qwerty', 'ㅁㄴㅇㄹ', '절판도서 특별판', 'audiobook bundle'];
const listSize = 8;

/** The actions of one visit of a reader, in order. The reader's shelves change as they are yielded. */
export function* readerSession(
  shop: Shop,
  shelves: Shelves,
  reader: Reader,
  random: Random,
): Generator<Action> {
  const { catalogue } = shop;
  const pause = (seconds: number): number => Math.round(1000 * (1 + exponential(random, seconds)));
  const cart: Offer[] = [];
  yield { waitMs: 0, kind: 'page_view', path: '/', title: '홈' };
  if (chance(random, 0.15))
    yield { waitMs: pause(8), kind: 'login', path: '/login', properties: { method: 'password' } };
  yield* reading(shop, shelves, reader, random);
  const looks = chance(random, 0.25) ? 0 : 1 + Math.floor(exponential(random, 1.1));
  for (let look = 0; look < Math.min(looks, 8); look++) {
    const wish = shop.wish(reader, shelves, random);
    if (wish === undefined) break;
    const list = chance(random, 0.15) ? 'search' : wish.list;
    const others = shop.shown(list, wish.title, random, listSize);
    if (list === 'search') {
      if (chance(random, 0.18)) {
        yield {
          waitMs: pause(10),
          kind: 'search',
          path: '/search',
          properties: { search_term: random.pick(noResults), result_count: 0 },
        };
      }
      const term = catalogue.text(wish.title).ko.split(' ').slice(0, 2).join(' ');
      yield {
        waitMs: pause(9),
        kind: 'search',
        path: '/search',
        properties: { search_term: term, result_count: others.length },
      };
    }
    const shown = others.map((title, place) => shop.eventItem(title, list, place + 1));
    yield { waitMs: pause(6), kind: 'view_item_list', path: `/lists/${list}`, items: shown };
    const position = others.indexOf(wish.title);
    if (!chance(random, 0.95 - 0.06 * position)) continue;
    const item = shop.eventItem(wish.title, list, position + 1);
    const path = `/titles/${item.item_id}`;
    yield { waitMs: pause(7), kind: 'select_item', path: `/lists/${list}`, items: [item] };
    yield { waitMs: pause(2), kind: 'view_item', path, items: [item] };
    const liking = affinity(reader, catalogue, wish.title);
    if (chance(random, 0.22)) {
      yield {
        waitMs: pause(40),
        kind: 'read_sample',
        path,
        items: [item],
        properties: { percent: Math.round(100 * random.next()) },
      };
    }
    const offer = shop.offer(wish.title);
    const cheap = 1 - reader.priceSensitivity * (offer.paid > 12_000 ? 0.55 : offer.paid > 5000 ? 0.25 : 0);
    if (
      !chance(random, Math.min(0.9, (0.12 + 0.75 * liking + (wish.list === 'next_volume' ? 0.3 : 0)) * cheap))
    )
      continue;
    if (reader.kind !== 'organisation' && chance(random, 0.06) && catalogue.rentalPrice(wish.title) > 0) {
      const paid = catalogue.rentalPrice(wish.title);
      const rental: OrderLine = {
        title: wish.title,
        kind: 'rental',
        copies: 1,
        listPrice: offer.listPrice,
        paid,
        promotionId: null,
      };
      shelves.take(reader.id, wish.title);
      yield shop.orderAction('rent', [rental], pause(10), random);
      continue;
    }
    // Readers of long series take several volumes at once.
    const bundle = [
      wish.title,
      ...shop.followers(wish.title, shelves, reader, chance(random, 0.45) ? 1 + random.below(5) : 0),
    ];
    for (const title of bundle) {
      shelves.take(reader.id, title);
      cart.push(shop.offer(title));
    }
    yield {
      waitMs: pause(9),
      kind: 'add_to_cart',
      path,
      items: bundle.map((title) => shop.eventItem(title, list)),
      properties: shop.money(cart),
    };
  }
  if (cart.length === 0) return;
  const items = cart.map((offer) => shop.eventItem(offer.title));
  yield {
    waitMs: pause(15),
    kind: 'begin_checkout',
    path: '/checkout',
    items,
    properties: shop.money(cart),
  };
  if (chance(random, 0.07)) {
    for (const offer of cart) shelves.give(reader.id, offer.title);
    return;
  }
  const gift = chance(random, 0.02);
  const copies = reader.kind === 'organisation' && chance(random, 0.6) ? 10 + random.below(30) : 1;
  const lines = cart.map((offer): OrderLine => ({
    ...offer,
    kind: gift ? 'gift' : 'purchase',
    copies,
    paid: offer.paid * copies,
  }));
  if (gift) for (const offer of cart) shelves.give(reader.id, offer.title);
  yield shop.orderAction(gift ? 'gift' : 'purchase', lines, pause(25), random);
}

function* reading(shop: Shop, shelves: Shelves, reader: Reader, random: Random): Generator<Action> {
  const book = shelves.reading(reader.id);
  if (book === undefined || !chance(random, 0.6)) return;
  const item = shop.eventItem(book.title);
  const path = `/read/${item.item_id}`;
  for (let part = 0; part < 3; part++) {
    const minutes = Math.min(90, 8 + exponential(random, 30));
    book.progress = Math.min(
      1,
      book.progress + (minutes * reader.speed) / shop.catalogue.readingMinutes(book.title),
    );
    const properties = {
      progress: Math.round(book.progress * 1000) / 1000,
      duration_seconds: Math.round(minutes * 60),
    };
    yield {
      waitMs: Math.round(minutes * 60_000),
      kind: 'read_progress',
      path,
      items: [item],
      properties,
    };
    if (book.progress >= 1 || chance(random, 0.5)) break;
  }
  if (book.progress < 1) return;
  shelves.finish(reader.id);
  yield { waitMs: 2000, kind: 'finish_reading', path, items: [item] };
  if (!chance(random, 0.3)) return;
  const liking = affinity(reader, shop.catalogue, book.title);
  const stars = Math.max(1, Math.min(5, Math.round(1.6 + 4.2 * liking + 0.6 * random.normal())));
  const review = chance(random, 0.3) ? random.pick(reviews) : null;
  yield {
    waitMs: 5000,
    kind: 'rate',
    path,
    items: [item],
    properties: { rating: stars },
    rating: { title: book.title, stars, review },
  };
  if (review !== null) {
    yield {
      waitMs: 30_000,
      kind: 'review',
      path,
      items: [item],
      properties: { rating: stars, review },
    };
  }
}

/** A visit by somebody who is not signed in, or by a program that reads page after page. */
export function* passingSession(shop: Shop, bot: boolean, random: Random): Generator<Action> {
  const steps = bot ? 10 + random.below(30) : 1 + random.below(4);
  yield {
    waitMs: 0,
    kind: 'page_view',
    path: bot ? `/categories/${random.pick(categories).id}` : '/',
  };
  for (let step = 0; step < steps; step++) {
    const title = shop.popular(random);
    const item = shop.eventItem(title);
    const waitMs = bot ? Math.round(between(random, 200, 900)) : Math.round(1000 * exponential(random, 20));
    yield { waitMs, kind: 'view_item', path: `/titles/${item.item_id}`, items: [item] };
  }
}
