import {
  amountOf,
  compact,
  fieldsOf,
  itemOf,
  itemsKeptMax,
  kindOf,
  textOf,
  type Fields,
} from './mapped-event.ts';

/** Kinds of the catalogue by the names of Segment's e-commerce and account specifications. */
const kinds: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'products searched': 'search',
    'product list viewed': 'view_item_list',
    'product clicked': 'select_item',
    'product viewed': 'view_item',
    'product added': 'add_to_cart',
    'product removed': 'remove_from_cart',
    'product added to wishlist': 'add_to_wishlist',
    'cart viewed': 'view_cart',
    'checkout started': 'begin_checkout',
    'payment info entered': 'add_payment_info',
    'order completed': 'purchase',
    'order refunded': 'refund',
    'promotion viewed': 'view_promotion',
    'promotion clicked': 'select_promotion',
    'product shared': 'share',
    'cart shared': 'share',
    'product reviewed': 'review',
    'signed up': 'sign_up',
    'signed in': 'login',
  }),
);

/** What a `track` call is in our catalogue: its kind, its titles, and its properties under our names beside its own. */
export function trackedAs(name: string, properties: Fields): { readonly kind: string } & Fields {
  const known = kinds.get(
    name
      .trim()
      .toLowerCase()
      .replaceAll(/[\s_-]+/g, ' '),
  );
  const kind = known ?? kindOf(name);
  const { products, ...rest } = properties;
  const listed = Array.isArray(products) ? products.slice(0, itemsKeptMax) : undefined;
  const single = listed === undefined && known !== undefined ? itemOf(properties, properties) : undefined;
  const items = (listed ?? []).flatMap((product) => itemOf(fieldsOf(product), properties) ?? []);
  const mapped = known === undefined ? {} : ours(known, properties);
  const named = known === undefined && kind !== name ? { event_name: name.slice(0, 500) } : {};
  const unread = listed !== undefined && items.length < listed.length ? { products } : {};
  return compact({
    kind,
    items: single !== undefined ? [single] : items.length > 0 ? items : undefined,
    properties: { ...rest, ...unread, ...named, ...mapped },
  }) as { readonly kind: string } & Fields;
}

/** Properties of a kind of the catalogue out of Segment's. */
function ours(kind: string, from: Fields): Fields {
  const currency = textOf(from['currency'], 3)?.toUpperCase();
  const coupon = textOf(from['coupon'], 500);
  if (kind === 'search') return compact({ search_term: textOf(from['query'], 500) });
  if (kind === 'share') return compact({ method: textOf(from['share_via'], 100) });
  if (kind === 'login' || kind === 'sign_up')
    return compact({ method: textOf(from['type'] ?? from['method'], 100) });
  if (kind === 'review') {
    return compact({ review: textOf(from['review_body'], 20_000), rating: amountOf(from['rating']) });
  }
  if (kind === 'add_payment_info') return compact({ payment_type: textOf(from['payment_method'], 100) });
  if (kind.endsWith('_promotion'))
    return compact({ promotion_id: textOf(from['promotion_id'] ?? from['id'], 100) });
  const transaction = textOf(from['order_id'], 100);
  if (kind === 'purchase' || kind === 'refund') {
    const sums = { currency, value: orderValue(from), tax: amountOf(from['tax']), coupon };
    return compact({ transaction_id: transaction, ...sums });
  }
  return compact({ currency, value: amountOf(from['value'] ?? from['revenue']), coupon });
}

/** Price times quantity without tax: what Segment calls revenue or subtotal, else the total without tax and shipping. */
function orderValue(from: Fields): number | undefined {
  const plain = amountOf(from['revenue'] ?? from['subtotal'] ?? from['value']);
  if (plain !== undefined) return plain;
  const total = amountOf(from['total']);
  if (total === undefined) return undefined;
  return Math.max(0, total - (amountOf(from['tax']) ?? 0) - (amountOf(from['shipping']) ?? 0));
}
