import type { Consent, Destination } from '../options.ts';
import { contentsOf } from './contents.ts';
import { loadTag } from './tag.ts';

type Queue = unknown[] & Record<string, unknown>;
type Page = Window & typeof globalThis & { ttq?: Queue; TiktokAnalyticsObject?: string };

/** TikTok's standard events, by Octavo's kinds. */
const names: Readonly<Record<string, string>> = {
  page_view: 'Pageview',
  view_item: 'ViewContent',
  search: 'Search',
  add_to_wishlist: 'AddToWishlist',
  add_to_cart: 'AddToCart',
  begin_checkout: 'InitiateCheckout',
  add_payment_info: 'AddPaymentInfo',
  purchase: 'CompletePayment',
  sign_up: 'CompleteRegistration',
  subscribe: 'Subscribe',
};
const address = 'https://analytics.tiktok.com/i18n/pixel/events.js';

/** The TikTok pixel; Octavo's event id is its `event_id`, as in the Events API. */
export default function tiktok(id: string, window: Page, consent: Consent): Destination {
  if (!window.ttq) {
    window.TiktokAnalyticsObject = 'ttq';
    const ttq = (window.ttq = [] as unknown as Queue);
    for (const method of ['page', 'track', 'grantConsent', 'revokeConsent'])
      ttq[method] = (...values: readonly unknown[]) => ttq.push([method, ...values]);
    Object.assign(ttq, {
      _i: { [id]: Object.assign([], { _u: address }) },
      _t: { [id]: new Date().getTime() },
      _o: { [id]: {} },
    });
    loadTag(window, `${address}?sdkid=${encodeURIComponent(id)}&lib=ttq`);
  }
  const call = (method: string, ...values: readonly unknown[]): void =>
    (window.ttq?.[method] as ((...all: readonly unknown[]) => void) | undefined)?.(...values);
  call(consent.ads ? 'grantConsent' : 'revokeConsent');
  return {
    send: (event) => {
      const name = names[event.kind];
      if (!name) return;
      if (name === 'Pageview') return call('page', {}, { event_id: event.id });
      const { ids, sum } = contentsOf(event);
      const { search_term: term, transaction_id: order } = event.properties;
      call(
        'track',
        name,
        {
          ...sum,
          ...(ids.length > 0
            ? {
                content_type: 'product',
                contents: event.items?.map(({ item_id: item, item_name: title, quantity = 1, price }) => ({
                  content_id: item,
                  quantity,
                  ...(title ? { content_name: title } : {}),
                  ...(price === undefined ? {} : { price }),
                })),
              }
            : {}),
          ...(term ? { query: term } : {}),
          ...(order ? { order_id: order } : {}),
        },
        { event_id: event.id },
      );
    },
    consent: ({ ads }) => call(ads ? 'grantConsent' : 'revokeConsent'),
  };
}
