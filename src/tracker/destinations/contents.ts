import type { TrackedEvent } from '../kinds.ts';

/** What an event is about, as Meta and TikTok name it. */
export interface Contents {
  readonly ids: readonly string[];
  /** Copies of all titles together. */
  readonly copies: number;
  /** Currency and value, where the event has them. */
  readonly sum: { readonly currency?: unknown; readonly value?: unknown };
}

/** Reads the titles and the sum of an event. */
export function contentsOf({ items = [], properties: { currency, value } }: TrackedEvent): Contents {
  return {
    ids: items.map(({ item_id: id }) => id),
    copies: items.reduce((sum, { quantity = 1 }) => sum + quantity, 0),
    sum: { ...(currency ? { currency } : {}), ...(value === undefined ? {} : { value }) },
  };
}
