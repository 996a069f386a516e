import { Type, type TObject } from '@sinclair/typebox';
import { kindDescriptions, type KindDescription } from './kind-descriptions.ts';

/** What is known of one kind of event. */
export interface EventKind {
  readonly name: string;
  readonly description: KindDescription;
  /** The kind's own properties; others are allowed beside them and kept. */
  readonly properties: TObject;
  /** Whether at least one item must be named. */
  readonly itemsRequired: boolean;
  /** Whether `reader_id` must be there. */
  readonly readerRequired: boolean;
  /** JSON pointers of the properties that are personal. */
  readonly personal: readonly string[];
  /** Whether Google Analytics 4 has the kind under the same name. */
  readonly ga4: boolean;
}

const text = (description: string, maxLength = 500) => Type.String({ minLength: 1, maxLength, description });
const amount = (description: string) => Type.Number({ minimum: 0, maximum: 1e15, description });
const share = (description: string) => Type.Number({ minimum: 0, maximum: 1, description });
const whole = (description: string, minimum = 0) =>
  Type.Integer({ minimum, maximum: 2 ** 31 - 1, description });
const currency = Type.String({ minLength: 3, maxLength: 3, description: 'ISO 4217 code, e.g. `KRW`.' });
const sum = Type.Partial(
  Type.Object({
    currency,
    value: amount('Sum of price times quantity, without tax.'),
    coupon: text('Coupon code.'),
  }),
);

const traits = Type.Record(Type.String(), Type.Unknown(), { description: 'What is known, by name.' });

interface KindSpec {
  readonly properties?: TObject;
  readonly items?: true;
  readonly reader?: true;
  readonly personal?: readonly string[];
  readonly ga4?: true;
}

const order = {
  transaction_id: text("The order's id in the shop.", 100),
  currency,
  value: amount('Sum of price times quantity, without tax.'),
  tax: Type.Optional(amount('Tax.')),
  coupon: Type.Optional(text('Coupon code.')),
};

const specs: Readonly<Record<keyof typeof kindDescriptions, KindSpec>> = {
  page_view: { ga4: true },
  screen_view: {
    properties: Type.Object({ screen_name: Type.Optional(text('Name of the screen.')) }),
    ga4: true,
  },
  search: {
    properties: Type.Object({
      search_term: text('What was searched for.'),
      result_count: Type.Optional(whole('Titles found.')),
    }),
    personal: ['/properties/search_term'],
    ga4: true,
  },
  view_item_list: {
    items: true,
    ga4: true,
  },
  select_item: { items: true, ga4: true },
  view_item: { properties: sum, items: true, ga4: true },
  read_sample: {
    properties: Type.Object({ pages: Type.Optional(whole('Pages read.')) }),
    items: true,
  },
  add_to_wishlist: {
    properties: sum,
    items: true,
    ga4: true,
  },
  add_to_cart: { properties: sum, items: true, ga4: true },
  remove_from_cart: {
    properties: sum,
    items: true,
    ga4: true,
  },
  view_cart: { properties: sum, ga4: true },
  begin_checkout: { properties: sum, items: true, ga4: true },
  add_payment_info: {
    properties: Type.Object({ payment_type: Type.Optional(text('Way to pay.', 100)) }),
    ga4: true,
  },
  purchase: { properties: Type.Object(order), items: true, ga4: true },
  rent: {
    properties: Type.Object({ ...order, rental_days: Type.Optional(whole('Days of the rental.', 1)) }),
    items: true,
  },
  subscribe: {
    properties: Type.Object({
      plan: text('Name of the plan.', 100),
      currency: Type.Optional(currency),
      value: Type.Optional(amount('Price of the period.')),
    }),
    reader: true,
  },
  unsubscribe: {
    properties: Type.Object({
      plan: text('Name of the plan.', 100),
      reason: Type.Optional(text('Reason given.')),
    }),
    reader: true,
  },
  refund: {
    properties: Type.Object({
      transaction_id: text("The order's id in the shop.", 100),
      currency: Type.Optional(currency),
      value: Type.Optional(amount('Amount refunded.')),
    }),
    ga4: true,
  },
  gift: {
    properties: Type.Object({ ...order, recipient_id: Type.Optional(text('Reader who gets them.', 200)) }),
    items: true,
    personal: ['/properties/recipient_id'],
  },
  sign_up: {
    properties: Type.Object({ method: Type.Optional(text('How, e.g. `email`.', 100)) }),
    reader: true,
    ga4: true,
  },
  login: {
    properties: Type.Object({ method: Type.Optional(text('How, e.g. `email`.', 100)) }),
    reader: true,
    ga4: true,
  },
  rate: {
    properties: Type.Object({
      rating: Type.Number({ minimum: 0, maximum: 5, description: 'Stars, 0 to 5.' }),
    }),
    items: true,
    reader: true,
  },
  review: {
    properties: Type.Object({
      review: Type.Optional(text('Text of the review.', 20_000)),
      rating: Type.Optional(Type.Number({ minimum: 0, maximum: 5, description: 'Stars, 0 to 5.' })),
    }),
    items: true,
    reader: true,
    personal: ['/properties/review'],
  },
  read_progress: {
    properties: Type.Object({
      progress: share('Part of the title that is read, 0 to 1.'),
      seconds: Type.Optional(amount('Seconds read since the last such event.')),
      pages: Type.Optional(whole('Pages read since the last such event.')),
    }),
    items: true,
    reader: true,
  },
  finish_reading: { items: true, reader: true },
  view_promotion: {
    properties: Type.Object({ promotion_id: text('Id of the promotion.', 100) }),
    ga4: true,
  },
  select_promotion: {
    properties: Type.Object({ promotion_id: text('Id of the promotion.', 100) }),
    ga4: true,
  },
  share: {
    properties: Type.Object({ method: Type.Optional(text('How, e.g. `link`.', 100)) }),
    ga4: true,
  },
  identify: {
    properties: Type.Object({ traits: Type.Optional(traits) }),
    reader: true,
    personal: ['/properties/traits'],
  },
  group: {
    properties: Type.Object({
      group_id: text("The group's id.", 200),
      traits: Type.Optional(traits),
    }),
    personal: ['/properties/group_id', '/properties/traits'],
  },
  click: {
    properties: Type.Object({
      link_url: text('Where it leads.', 4000),
      link_domain: Type.Optional(text('The host of it.', 300)),
      outbound: Type.Optional(Type.Boolean({ description: 'Whether it leads out of the store.' })),
    }),
    personal: ['/properties/link_url'],
    ga4: true,
  },
  page_engagement: {
    properties: Type.Object({
      engaged_seconds: Type.Optional(amount('Seconds in which it was visible and the reader not idle.')),
      scroll_depth: Type.Optional(share('How far down it was seen, 0 to 1.')),
    }),
  },
  web_vitals: {
    properties: Type.Object({
      lcp_ms: Type.Optional(amount('Largest contentful paint, in milliseconds.')),
      cls: Type.Optional(amount('Cumulative layout shift.')),
      inp_ms: Type.Optional(amount('Interaction to next paint, in milliseconds.')),
      fcp_ms: Type.Optional(amount('First contentful paint, in milliseconds.')),
      ttfb_ms: Type.Optional(amount('Time to the first byte, in milliseconds.')),
    }),
  },
  script_error: {
    properties: Type.Object({
      message: text('What it said.'),
      source: Type.Optional(text('Address of the script.', 4000)),
      line: Type.Optional(whole('Line in it.')),
      column: Type.Optional(whole('Column in it.')),
      stack: Type.Optional(text('Calls that led there.', 2000)),
    }),
    personal: ['/properties/message', '/properties/stack'],
  },
  tracker_report: {
    properties: Type.Object({
      dropped: whole('How many, since the last such event.'),
      reasons: Type.Record(Type.String(), whole('How many for this reason.'), {
        description:
          'How many for each reason: `full`, `large`, `old`, `refused`, `held`, `reader`, `invalid`.',
      }),
    }),
  },
};

/** Every kind that a bookstore's events have, by name. Other names are custom kinds: allowed, and kept. */
export const eventKinds: ReadonlyMap<string, EventKind> = new Map(
  Object.entries<KindSpec>(specs).map(([name, spec]) => [
    name,
    {
      name,
      description: kindDescriptions[name as keyof typeof kindDescriptions],
      properties: spec.properties ?? Type.Object({}),
      itemsRequired: spec.items ?? false,
      readerRequired: spec.reader ?? false,
      personal: spec.personal ?? [],
      ga4: spec.ga4 ?? false,
    },
  ]),
);
