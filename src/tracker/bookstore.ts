import type { KindProperties, TrackedItem } from './kinds.ts';

/** A title, by its id or with more. */
export type Title = string | TrackedItem;

/** The bookstore's own kinds in one call each. */
export interface BookstoreHelpers {
  /** A list was shown: each title gets the list's id and its position, from 1. */
  viewList(list: string, titles: Title | readonly Title[], name?: string): string;
  /** A title's page was shown. */
  viewItem(title: Title): string;
  addToCart(
    titles: Title | readonly Title[],
    sum?: { readonly value: number; readonly currency: string },
  ): string;
  /** An order was paid. */
  purchase(order: KindProperties['purchase']): string;
  /** @param rating - stars, 0 to 5 */
  rate(title: Title, rating: number): string;
  /** @param progress - part of the title that is read, 0 to 1 */
  readProgress(
    title: Title,
    progress: number,
    more?: { readonly seconds?: number; readonly pages?: number },
  ): string;
}

type Emit = (kind: string, properties: Readonly<Record<string, unknown>>) => string;

type List = Pick<TrackedItem, 'item_list_id' | 'item_list_name'>;

/** What is no title at all becomes an item without an id: the collector refuses it and says so. */
const itemsOf = (titles: Title | readonly Title[], list?: List): readonly TrackedItem[] =>
  [titles].flat().map((title, place) => ({
    ...list,
    ...(list && { index: place + 1 }),
    ...((title as Partial<TrackedItem> | undefined)?.item_id
      ? (title as TrackedItem)
      : { item_id: title as string }),
  }));

/** Makes the helpers. */
export function bookstoreHelpers(emit: Emit): BookstoreHelpers {
  return {
    viewList: (list, titles, name) =>
      emit('view_item_list', {
        items: itemsOf(titles, { item_list_id: list, item_list_name: name } as List),
      }),
    viewItem: (title) => emit('view_item', { items: itemsOf(title) }),
    addToCart: (titles, sum) => emit('add_to_cart', { ...sum, items: itemsOf(titles) }),
    purchase: (order) => emit('purchase', order),
    rate: (title, rating) => emit('rate', { rating, items: itemsOf(title) }),
    readProgress: (title, progress, more) =>
      emit('read_progress', { progress, ...more, items: itemsOf(title) }),
  };
}
