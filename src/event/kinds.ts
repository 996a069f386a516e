import { Type, type TObject, type TProperties, type TSchema } from '@sinclair/typebox';

/** One kind of event in the catalogue. */
export interface EventKind {
  readonly name: string;
  /** When a client sends it. */
  readonly description: string;
  /** Whether `items` must be there, with how many titles at most; `none` allows them. */
  readonly items: 'required' | 'optional';
  /** Whether a reader must be named. */
  readonly readerRequired: boolean;
  /** What `properties` may and must hold; further properties are kept as they are. */
  readonly properties: TObject;
  /** Names of properties that hold personal data. */
  readonly personal: readonly string[];
}

interface KindOptions {
  readonly items?: 'required';
  readonly reader?: 'required';
  readonly personal?: readonly string[];
}

const textMax = 1_000;
const longTextMax = 20_000;
const text = (description: string, maxLength = textMax) => Type.String({ description, maxLength });
const optional = <T extends TSchema>(schema: T) => Type.Optional(schema);
const count = (description: string) => Type.Integer({ description, minimum: 0 });
const money = (description: string) => Type.Number({ description, minimum: 0 });
const share = (description: string) => Type.Number({ description, minimum: 0, maximum: 1 });

const currency = Type.String({ description: 'ISO 4217', pattern: '^[A-Z]{3}$' });
const list = { item_list_id: optional(text('list that was shown')), item_list_name: optional(text('its name')) };
const value = { value: optional(money('sum of the items’ prices')), currency: optional(currency) };
const transaction = {
  transaction_id: Type.String({ description: 'the shop’s order number', minLength: 1, maxLength: 200 }),
  value: money('what is paid in all'),
  currency,
  coupon: optional(text('coupon of the order')),
  campaign: optional(text('campaign that led to it')),
};

const kind = (name: string, description: string, properties: TProperties, options: KindOptions = {}): EventKind => ({
  name,
  description,
  items: options.items ?? 'optional',
  readerRequired: options.reader === 'required',
  properties: Type.Object(properties, { additionalProperties: true }),
  personal: options.personal ?? [],
});

const items = { items: 'required' } as const;
const reader = { reader: 'required' } as const;

/**
 * The kinds that a digital bookstore sends, under GA4's recommended names where there is one
 * (https://developers.google.com/analytics/devguides/collection/ga4/reference/events).
 */
export const eventKinds: readonly EventKind[] = [
  kind('page_view', 'A page of the store was shown.', {}),
  kind('screen_view', 'A screen of an app was shown.', { screen_name: text('the screen'), screen_class: optional(text('its class')) }),
  kind('search', 'A reader searched.', {
    search_term: text('what was typed'),
    results: optional(count('titles found; 0 for a search without result')),
  }, { personal: ['search_term'] }),
  kind('view_item_list', 'A list of titles was seen; `items` carry their positions in `index`.', list, items),
  kind('select_item', 'A title of a list was chosen.', list, items),
  kind('view_item', 'A title’s page was seen.', value, items),
  kind('view_promotion', 'A promotion was seen.', { promotion_id: optional(text('its id')), promotion_name: optional(text('its name')), creative_slot: optional(text('where')) }),
  kind('select_promotion', 'A promotion was chosen.', { promotion_id: optional(text('its id')), promotion_name: optional(text('its name')), creative_slot: optional(text('where')) }),
  kind('read_sample', 'A sample was read.', { percent: optional(Type.Number({ minimum: 0, maximum: 100, description: 'how much of the sample' })) }, items),
  kind('add_to_cart', 'Titles were put into the cart.', value, items),
  kind('remove_from_cart', 'Titles were taken out of the cart.', value, items),
  kind('view_cart', 'The cart was seen.', value),
  kind('add_to_wishlist', 'Titles were put on the wish list.', value, items),
  kind('begin_checkout', 'Checkout began.', { ...value, coupon: optional(text('coupon')) }, items),
  kind('add_payment_info', 'A way to pay was chosen.', { ...value, payment_type: optional(text('e.g. card')) }),
  kind('purchase', 'An order was paid.', transaction, items),
  kind('rent', 'Titles were rented.', { ...transaction, rental_days: optional(count('days')) }, items),
  kind('subscribe', 'A subscription began or was renewed.', { ...transaction, plan: optional(text('plan')) }, reader),
  kind('unsubscribe', 'A subscription was ended.', { plan: optional(text('plan')), reason: optional(text('reason')) }, reader),
  kind('refund', 'An order, or the named titles of it, was refunded.', { transaction_id: transaction.transaction_id, value: optional(money('what is given back')), currency: optional(currency), reason: optional(text('reason')) }),
  kind('gift', 'Titles were bought for another reader.', { ...transaction, recipient_id: optional(text('the other reader')) }, { ...items, personal: ['recipient_id'] }),
  kind('sign_up', 'A reader signed up.', { method: optional(text('e.g. email')) }, reader),
  kind('login', 'A reader signed in.', { method: optional(text('e.g. password')) }, reader),
  kind('rate', 'A reader rated a title.', { rating: Type.Number({ minimum: 0, maximum: 5, description: 'stars' }) }, { ...items, ...reader }),
  kind('review', 'A reader reviewed a title.', { review: text('the text', longTextMax), rating: optional(Type.Number({ minimum: 0, maximum: 5 })) }, { ...items, ...reader, personal: ['review'] }),
  kind('read_progress', 'A reader got on in a title.', {
    progress: share('how far into the title, 0 to 1'),
    duration_seconds: optional(count('seconds read since the last such event')),
    pages: optional(count('pages read since then')),
  }, { ...items, ...reader }),
  kind('finish_reading', 'A reader finished a title.', { duration_seconds: optional(count('seconds in all')) }, { ...items, ...reader }),
  kind('share', 'A title was shared.', { method: optional(text('where to')) }),
];

/** Fields of the envelope that hold personal data, as columns of `raw.events`. */
export const personalColumns = ['reader_id', 'device_id', 'session_id', 'page_url', 'page_referrer', 'user_agent', 'ip', 'properties'] as const;

/** Names that a custom kind may have. */
export const customKindPattern = /^[a-z][a-z0-9_]{0,39}$/;
