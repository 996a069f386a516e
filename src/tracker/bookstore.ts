import type { KindProperties, TrackedItem } from './kinds.ts';

/** A title, by its id or with more. */
export type Title = string | TrackedItem;

/** The bookstore's own kinds in one call each. */
export interface BookstoreHelpers {
  /** A list was shown: each title gets the list's id and its position, from 1. */
  viewList(list: string, titles: readonly Title[], name?: string): string;
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

const itemOf = (title: Title): TrackedItem => (typeof title === 'string' ? { item_id: title } : title);
const itemsOf = (titles: Title | readonly Title[]): readonly TrackedItem[] =>
  (Array.isArray(titles) ? (titles as readonly Title[]) : [titles as Title]).map(itemOf);

/** Makes the helpers. */
export function bookstoreHelpers(emit: Emit): BookstoreHelpers {
  return {
    viewList: (list, titles, name) =>
      emit('view_item_list', {
        items: titles.map((title, place) => ({
          item_list_id: list,
          item_list_name: name,
          index: place + 1,
          ...itemOf(title),
        })),
      }),
    viewItem: (title) => emit('view_item', { items: itemsOf(title) }),
    addToCart: (titles, sum) => emit('add_to_cart', { ...sum, items: itemsOf(titles) }),
    purchase: (order) => emit('purchase', order),
    rate: (title, rating) => emit('rate', { rating, items: itemsOf(title) }),
    readProgress: (title, progress, more) =>
      emit('read_progress', { progress, ...more, items: itemsOf(title) }),
  };
}
