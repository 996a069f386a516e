import type { Random } from '../base/index.ts';
import type { EventItem } from '../event/index.ts';
import type { Catalogue } from './catalogue.ts';
import { leafCategories } from './categories.ts';
import { chance, unitHash } from './distribution.ts';
import { createPicker } from './picker.ts';
import { promotionFor, type Promotion } from './promotions.ts';
import { affinity, type Reader } from './readers.ts';
import type { Action, OrderLine } from './session.ts';

/** What a title costs today. */
export interface Offer {
  readonly title: number;
  readonly listPrice: number;
  readonly paid: number;
  readonly promotionId: string | null;
}

/** What readers own and read. */
export interface Shelves {
  owns(readerId: string, title: number): boolean;
  take(readerId: string, title: number): void;
  give(readerId: string, title: number): void;
  /** The book being read, if any; its progress is changed in place. */
  reading(readerId: string): { readonly title: number; progress: number } | undefined;
  finish(readerId: string): void;
  /** The title taken last, where a wish for the next volume begins. */
  latest(readerId: string): number | undefined;
}

/** Empty shelves for everyone. */
export function createShelves(): Shelves {
  const owned = new Map<string, Set<number>>();
  const queues = new Map<string, { readonly title: number; progress: number }[]>();
  return {
    owns: (id, title) => owned.get(id)?.has(title) ?? false,
    take: (id, title) => {
      const mine = owned.get(id) ?? new Set();
      owned.set(id, mine.add(title));
      const queue = queues.get(id) ?? [];
      queue.push({ title, progress: 0 });
      queues.set(id, queue);
    },
    give: (id, title) => {
      owned.get(id)?.delete(title);
      queues.set(
        id,
        (queues.get(id) ?? []).filter((book) => book.title !== title),
      );
    },
    reading: (id) => queues.get(id)?.[0],
    finish: (id) => void queues.get(id)?.shift(),
    latest: (id) => [...(owned.get(id) ?? [])].at(-1),
  };
}

/** The shop as it is on one day: what is out, wanted, promoted and shown. */
export interface Shop {
  readonly catalogue: Catalogue;
  /** A title that the reader would look at, and the list on which it is met. */
  wish(
    reader: Reader,
    shelves: Shelves,
    random: Random,
  ): { readonly title: number; readonly list: string } | undefined;
  popular(random: Random): number;
  /** The titles of a list as shown, with the wished one among them. */
  shown(list: string, title: number, random: Random, size: number): readonly number[];
  /** Further volumes that the reader does not own. */
  followers(title: number, shelves: Shelves, reader: Reader, countMax: number): readonly number[];
  offer(title: number): Offer;
  eventItem(title: number, list?: string, position?: number): EventItem;
  money(lines: readonly { readonly paid: number }[]): {
    readonly currency: string;
    readonly value: number;
  };
  orderAction(kind: string, lines: readonly OrderLine[], waitMs: number, random: Random): Action;
}

/** @param dayOffset - days since the first simulated day */
export function openShop(
  catalogue: Catalogue,
  promotions: readonly Promotion[],
  seed: number,
  dayOffset: number,
): Shop {
  const { weights, members } = wantedOn(catalogue, seed, dayOffset);
  const pickers = members.map((titles) => createPicker(titles.map((title) => weights[title] ?? 0)));
  const leaves = createPicker(
    leafCategories.map((leaf, index) => ((pickers[index]?.total ?? 0) > 0 ? leaf.demand : 0)),
  );
  const inCategory = (category: number, random: Random): number | undefined => {
    const picker = pickers[category];
    return picker === undefined || picker.total === 0 ? undefined : members[category]?.[picker.pick(random)];
  };
  const popular = (random: Random): number => inCategory(leaves.pick(random), random) ?? 0;
  const entry = (title: number): number => {
    const { firstTitle } = catalogue.workOf(title);
    return (weights[firstTitle] ?? 0) > 0 ? firstTitle : title;
  };
  const followers: Shop['followers'] = (title, shelves, reader, countMax) => {
    const work = catalogue.workOf(title);
    const found: number[] = [];
    for (let next = title + 1; next < work.firstTitle + work.volumes && found.length < countMax; next++) {
      if ((weights[next] ?? 0) > 0 && !shelves.owns(reader.id, next)) found.push(next);
    }
    return found;
  };
  const money: Shop['money'] = (lines) => ({
    currency: 'KRW',
    value: lines.reduce((sum, line) => sum + line.paid, 0),
  });
  const eventItem: Shop['eventItem'] = (title, list, position) => ({
    item_id: catalogue.itemId(title),
    item_name: catalogue.text(title).ko,
    item_category: catalogue.categoryOf(title).id,
    price: catalogue.price(title),
    ...(list === undefined ? {} : { item_list_id: list }),
    ...(position === undefined ? {} : { index: position }),
  });
  return {
    catalogue,
    popular,
    followers,
    money,
    eventItem,
    wish: (reader, shelves, random) => {
      const latest = shelves.latest(reader.id);
      if (latest !== undefined && chance(random, reader.continuation * 0.6)) {
        const next = followers(latest, shelves, reader, 1)[0];
        if (next !== undefined) return { title: next, list: 'next_volume' };
      }
      for (let attempt = 0; attempt < 8; attempt++) {
        const fromCharts = chance(random, 0.16);
        let draw = random.next();
        const taste = reader.tastes.find((each) => (draw -= each.share) < 0) ?? reader.tastes[0];
        const candidates = [0, 1, 2]
          .map(() => (fromCharts ? popular(random) : inCategory(taste?.category ?? 0, random)))
          .filter((title) => title !== undefined)
          .map(entry)
          .filter((title) => !shelves.owns(reader.id, title));
        const best = candidates.toSorted(
          (a, b) => affinity(reader, catalogue, b) - affinity(reader, catalogue, a),
        )[0];
        if (best === undefined) continue;
        const fresh = dayOffset - catalogue.releaseOffset(best) < 21;
        const list = fromCharts
          ? 'bestseller_daily'
          : fresh
            ? 'new'
            : chance(random, 0.35)
              ? 'recommended'
              : `category_${catalogue.categoryOf(best).id}`;
        return { title: best, list };
      }
      return undefined;
    },
    shown: (list, title, random, size) => {
      const category = list.startsWith('category_') ? catalogue.workOf(title).category : undefined;
      const titles = new Set<number>([title]);
      for (let attempt = 0; titles.size < size && attempt < size * 3; attempt++) {
        titles.add(category === undefined ? popular(random) : (inCategory(category, random) ?? title));
      }
      const rest = [...titles].slice(1);
      rest.splice(Math.floor(random.next() ** 1.7 * (rest.length + 1)), 0, title);
      return rest;
    },
    offer: (title) => {
      const listPrice = catalogue.price(title);
      const promotion = promotionFor(promotions, catalogue, title);
      const paid =
        promotion === undefined ? listPrice : Math.round((listPrice * (1 - promotion.discount)) / 10) * 10;
      return {
        title,
        listPrice,
        paid,
        promotionId: listPrice === 0 ? null : (promotion?.id ?? null),
      };
    },
    orderAction: (kind, lines, waitMs, random) => ({
      waitMs,
      kind,
      path: '/checkout/done',
      items: lines.map((line) => ({
        ...eventItem(line.title),
        price: line.paid / line.copies,
        quantity: line.copies,
      })),
      properties: money(lines),
      order: { lines, campaign: chance(random, 0.2) ? `push-${1 + random.below(6)}` : null },
    }),
  };
}

/** How much each title is wanted on a day, and the titles that are out by leaf category. */
function wantedOn(
  catalogue: Catalogue,
  seed: number,
  dayOffset: number,
): { readonly weights: Float64Array; readonly members: readonly (readonly number[])[] } {
  const weights = new Float64Array(catalogue.titleCount);
  const members: number[][] = leafCategories.map(() => []);
  for (let title = 0; title < catalogue.titleCount; title++) {
    const age = dayOffset - catalogue.releaseOffset(title);
    if (age < 0) continue;
    const work = catalogue.workOf(title);
    // A new title is wanted more, and every work has its weeks.
    const wave = 0.6 + 0.8 * unitHash(seed, work.index, Math.floor((dayOffset + work.index) / 9));
    weights[title] = catalogue.appeal(title) * (1 + 4 * Math.exp(-age / 12)) * wave;
    members[work.category]?.push(title);
  }
  return { weights, members };
}
