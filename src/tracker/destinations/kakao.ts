import type { Destination } from '../options.ts';
import type { TrackedEvent } from '../kinds.ts';
import { contentsOf } from './contents.ts';
import { loadTag } from './tag.ts';

type Pixel = Readonly<Record<string, ((value?: unknown) => void) | undefined>>;
type Page = Window & typeof globalThis & { kakaoPixel?: (id: string) => Pixel };

const waitMs = 250;
const triesMax = 80;
const callsMax = 100;

/** The Kakao pixel. It has no place for an event id, and no server takes copies of its events. */
export default function kakao(id: string, window: Page): Destination {
  const waiting: (readonly [string, unknown])[] = [];
  const flush = (left: number): void => {
    const pixel = window.kakaoPixel?.(id);
    if (pixel) for (const [method, value] of waiting.splice(0)) pixel[method]?.(value);
    else if (left > 0) window.setTimeout(flush, waitMs, left - 1);
  };
  if (!window.kakaoPixel) loadTag(window, 'https://t1.daumcdn.net/kas/static/kp.js');
  flush(triesMax);
  return {
    send: (event) => {
      const call = callOf(event);
      if (!call || waiting.length >= callsMax) return;
      waiting.push(call);
      if (window.kakaoPixel) flush(0);
    },
  };
}

/** The pixel's method for an event, with what it takes. */
function callOf(event: TrackedEvent): readonly [string, unknown] | undefined {
  const { ids, copies, sum } = contentsOf(event);
  switch (event.kind) {
    case 'page_view':
      return ['pageView', undefined];
    case 'sign_up':
      return ['signUp', undefined];
    case 'search':
      return ['search', { keyword: event.properties['search_term'] }];
    case 'view_item':
      return ['viewContent', { id: ids[0] }];
    case 'add_to_cart':
      return ['addToCart', { id: ids[0] }];
    case 'add_to_wishlist':
      return ['addToWishList', { id: ids[0] }];
    case 'view_cart':
      return ['viewCart', undefined];
    case 'purchase':
      return [
        'purchase',
        {
          total_quantity: `${copies}`,
          total_price: `${sum.value as number}`,
          currency: sum.currency,
          products: event.items?.map(
            ({ item_id: item, item_name: name = item, quantity = 1, price = 0 }) => ({
              id: item,
              name,
              quantity: `${quantity}`,
              price: `${price}`,
            }),
          ),
        },
      ];
    default:
      return undefined;
  }
}
