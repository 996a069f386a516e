import type { Consent, Destination } from '../options.ts';
import { contentsOf } from './contents.ts';
import { loadTag } from './tag.ts';

type Fbq = ((...values: readonly unknown[]) => void) & {
  callMethod?: (...values: readonly unknown[]) => void;
  queue?: unknown[];
  loaded?: boolean;
  version?: string;
};
type Page = Window & typeof globalThis & { fbq?: Fbq; _fbq?: Fbq };

/** Meta's standard events, by Octavo's kinds. */
const names: Readonly<Record<string, string>> = {
  page_view: 'PageView',
  view_item: 'ViewContent',
  search: 'Search',
  add_to_wishlist: 'AddToWishlist',
  add_to_cart: 'AddToCart',
  begin_checkout: 'InitiateCheckout',
  add_payment_info: 'AddPaymentInfo',
  purchase: 'Purchase',
  sign_up: 'CompleteRegistration',
  subscribe: 'Subscribe',
};

/**
 * The Meta pixel. Octavo's event id is the pixel's `eventID`: the Conversions API's copy with the same `event_id` counts once.
 * Source: developers.facebook.com/docs/marketing-api/conversions-api/deduplicate-pixel-and-server-events
 */
export default function meta(id: string, window: Page, consent: Consent): Destination {
  if (!window.fbq) {
    const fbq: Fbq = (...values) => (fbq.callMethod ? fbq.callMethod(...values) : fbq.queue?.push(values));
    Object.assign(fbq, { queue: [], loaded: true, version: '2.0', push: fbq });
    window.fbq = window._fbq = fbq;
    loadTag(window, 'https://connect.facebook.net/en_US/fbevents.js');
  }
  const fbq = window.fbq;
  fbq('consent', consent.ads ? 'grant' : 'revoke');
  // What the pixel would guess from clicks by itself has no id of ours.
  fbq('set', 'autoConfig', false, id);
  fbq('init', id);
  return {
    send: (event) => {
      const name = names[event.kind];
      if (!name) return;
      const { ids, copies, sum } = contentsOf(event);
      const { search_term: term, transaction_id: order } = event.properties;
      fbq(
        'trackSingle',
        id,
        name,
        {
          ...sum,
          ...(ids.length > 0
            ? {
                content_ids: ids,
                content_type: 'product',
                num_items: copies,
                contents: event.items?.map(({ item_id: item, quantity = 1, price }) => ({
                  id: item,
                  quantity,
                  ...(price === undefined ? {} : { item_price: price }),
                })),
              }
            : {}),
          ...(term ? { search_string: term } : {}),
          ...(order ? { order_id: order } : {}),
        },
        { eventID: event.id },
      );
    },
    consent: ({ ads }) => fbq('consent', ads ? 'grant' : 'revoke'),
  };
}
