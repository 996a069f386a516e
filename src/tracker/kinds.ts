// Generated from the event catalogue by `node scripts/docs.ts`, do not edit.

/** One title in an event. */
export interface TrackedItem {
  /** The title's id. */
  readonly item_id: string;
  /** The title's name. */
  readonly item_name?: string;
  /** Its category. */
  readonly item_category?: string;
  /** The list it was shown in. */
  readonly item_list_id?: string;
  /** That list's name. */
  readonly item_list_name?: string;
  /** Position in the list, from 1. */
  readonly index?: number;
  /** Price of one copy in `properties.currency`. */
  readonly price?: number;
  /** Copies; 1 when missing. */
  readonly quantity?: number;
  /** Discount on one copy. */
  readonly discount?: number;
}

/** An event as the tracker sends it. */
export interface TrackedEvent {
  readonly id: string;
  readonly kind: string;
  readonly occurred_at: string;
  readonly reader_id?: string;
  readonly device_id?: string;
  readonly session_id?: string;
  readonly page?: {
    /** Address. */
    readonly url?: string;
    /** Where the reader came from. */
    readonly referrer?: string;
    /** Title. */
    readonly title?: string;
  };
  readonly app?: {
    /** Program. */
    readonly name?: string;
    /** Its version. */
    readonly version?: string;
    /** `web`, `ios`, `android`, `ereader` or `server`. */
    readonly platform?: string;
  };
  readonly items?: readonly TrackedItem[];
  readonly properties: Readonly<Record<string, unknown>>;
}

/** Kinds that are only taken of a known reader. */
export const readerKinds =
  'subscribe unsubscribe sign_up login rate review read_progress finish_reading identify';

type Own = Readonly<Record<string, unknown>>;
type Items = { readonly items: readonly TrackedItem[] };
type MaybeItems = { readonly items?: readonly TrackedItem[] };

/** The properties of each kind of the catalogue; others are allowed beside them. */
export interface KindProperties {
  /** A page of the store was shown. */
  page_view: {} & MaybeItems & Own;
  /** A screen of an app was shown. */
  screen_view: {
    /** Name of the screen. */
    readonly screen_name?: string;
  } & MaybeItems & Own;
  /** A reader searched. */
  search: {
    /** What was searched for. */
    readonly search_term: string;
    /** Titles found. */
    readonly result_count?: number;
  } & MaybeItems & Own;
  /** A list of titles was shown; each item carries its list and position. */
  view_item_list: {} & Items & Own;
  /** A title of a list was clicked. */
  select_item: {} & Items & Own;
  /** A title's page was shown. */
  view_item: {
    /** ISO 4217 code, e.g. `KRW`. */
    readonly currency?: string;
    /** Sum of price times quantity, without tax. */
    readonly value?: number;
    /** Coupon code. */
    readonly coupon?: string;
  } & Items & Own;
  /** A sample of a title was opened. */
  read_sample: {
    /** Pages read. */
    readonly pages?: number;
  } & Items & Own;
  /** A title was put on the wish list. */
  add_to_wishlist: {
    /** ISO 4217 code, e.g. `KRW`. */
    readonly currency?: string;
    /** Sum of price times quantity, without tax. */
    readonly value?: number;
    /** Coupon code. */
    readonly coupon?: string;
  } & Items & Own;
  /** Titles were put into the cart. */
  add_to_cart: {
    /** ISO 4217 code, e.g. `KRW`. */
    readonly currency?: string;
    /** Sum of price times quantity, without tax. */
    readonly value?: number;
    /** Coupon code. */
    readonly coupon?: string;
  } & Items & Own;
  /** Titles were taken out of the cart. */
  remove_from_cart: {
    /** ISO 4217 code, e.g. `KRW`. */
    readonly currency?: string;
    /** Sum of price times quantity, without tax. */
    readonly value?: number;
    /** Coupon code. */
    readonly coupon?: string;
  } & Items & Own;
  /** The cart was shown. */
  view_cart: {
    /** ISO 4217 code, e.g. `KRW`. */
    readonly currency?: string;
    /** Sum of price times quantity, without tax. */
    readonly value?: number;
    /** Coupon code. */
    readonly coupon?: string;
  } & MaybeItems & Own;
  /** A checkout began. */
  begin_checkout: {
    /** ISO 4217 code, e.g. `KRW`. */
    readonly currency?: string;
    /** Sum of price times quantity, without tax. */
    readonly value?: number;
    /** Coupon code. */
    readonly coupon?: string;
  } & Items & Own;
  /** A way to pay was chosen. */
  add_payment_info: {
    /** Way to pay. */
    readonly payment_type?: string;
  } & MaybeItems & Own;
  /** An order was paid. */
  purchase: {
    /** The order's id in the shop. */
    readonly transaction_id: string;
    /** ISO 4217 code, e.g. `KRW`. */
    readonly currency: string;
    /** Sum of price times quantity, without tax. */
    readonly value: number;
    /** Tax. */
    readonly tax?: number;
    /** Coupon code. */
    readonly coupon?: string;
  } & Items & Own;
  /** Titles were rented. */
  rent: {
    /** The order's id in the shop. */
    readonly transaction_id: string;
    /** ISO 4217 code, e.g. `KRW`. */
    readonly currency: string;
    /** Sum of price times quantity, without tax. */
    readonly value: number;
    /** Tax. */
    readonly tax?: number;
    /** Coupon code. */
    readonly coupon?: string;
    /** Days of the rental. */
    readonly rental_days?: number;
  } & Items & Own;
  /** A subscription began or was renewed. The reader must be known. */
  subscribe: {
    /** Name of the plan. */
    readonly plan: string;
    /** ISO 4217 code, e.g. `KRW`. */
    readonly currency?: string;
    /** Price of the period. */
    readonly value?: number;
  } & MaybeItems & Own;
  /** A subscription was ended. The reader must be known. */
  unsubscribe: {
    /** Name of the plan. */
    readonly plan: string;
    /** Reason given. */
    readonly reason?: string;
  } & MaybeItems & Own;
  /** An order, or the named items of it, was refunded. */
  refund: {
    /** The order's id in the shop. */
    readonly transaction_id: string;
    /** ISO 4217 code, e.g. `KRW`. */
    readonly currency?: string;
    /** Amount refunded. */
    readonly value?: number;
  } & MaybeItems & Own;
  /** Titles were given to another reader. */
  gift: {
    /** The order's id in the shop. */
    readonly transaction_id: string;
    /** ISO 4217 code, e.g. `KRW`. */
    readonly currency: string;
    /** Sum of price times quantity, without tax. */
    readonly value: number;
    /** Tax. */
    readonly tax?: number;
    /** Coupon code. */
    readonly coupon?: string;
    /** Reader who gets them. */
    readonly recipient_id?: string;
  } & Items & Own;
  /** A reader signed up. The reader must be known. */
  sign_up: {
    /** How, e.g. `email`. */
    readonly method?: string;
  } & MaybeItems & Own;
  /** A reader logged in. The reader must be known. */
  login: {
    /** How, e.g. `email`. */
    readonly method?: string;
  } & MaybeItems & Own;
  /** A reader rated a title. The reader must be known. */
  rate: {
    /** Stars, 0 to 5. */
    readonly rating: number;
  } & Items & Own;
  /** A reader reviewed a title. The reader must be known. */
  review: {
    /** Text of the review. */
    readonly review?: string;
    /** Stars, 0 to 5. */
    readonly rating?: number;
  } & Items & Own;
  /** A reader has come to a place in a title. The reader must be known. */
  read_progress: {
    /** Part of the title that is read, 0 to 1. */
    readonly progress: number;
    /** Seconds read since the last such event. */
    readonly seconds?: number;
    /** Pages read since the last such event. */
    readonly pages?: number;
  } & Items & Own;
  /** A reader came to the end of a title. The reader must be known. */
  finish_reading: {} & Items & Own;
  /** A promotion was shown. */
  view_promotion: {
    /** Id of the promotion. */
    readonly promotion_id: string;
  } & MaybeItems & Own;
  /** A promotion was clicked. */
  select_promotion: {
    /** Id of the promotion. */
    readonly promotion_id: string;
  } & MaybeItems & Own;
  /** A title or page was shared. */
  share: {
    /** How, e.g. `link`. */
    readonly method?: string;
  } & MaybeItems & Own;
  /** A reader became known, with what the store knows of them. The reader must be known. */
  identify: {
    /** What is known, by name. */
    readonly traits?: Readonly<Record<string, unknown>>;
  } & MaybeItems & Own;
  /** A reader belongs to a group, such as a family, a class or a library. */
  group: {
    /** The group's id. */
    readonly group_id: string;
    /** What is known, by name. */
    readonly traits?: Readonly<Record<string, unknown>>;
  } & MaybeItems & Own;
  /** A link to another host was clicked. */
  click: {
    /** Where it leads. */
    readonly link_url: string;
    /** The host of it. */
    readonly link_domain?: string;
    /** Whether it leads out of the store. */
    readonly outbound?: boolean;
  } & MaybeItems & Own;
  /** A page was left or hidden; how it was used since it was shown, or since the last such event. */
  page_engagement: {
    /** Seconds in which it was visible and the reader not idle. */
    readonly engaged_seconds?: number;
    /** How far down it was seen, 0 to 1. */
    readonly scroll_depth?: number;
  } & MaybeItems & Own;
  /** How fast and steady a page's load was. */
  web_vitals: {
    /** Largest contentful paint, in milliseconds. */
    readonly lcp_ms?: number;
    /** Cumulative layout shift. */
    readonly cls?: number;
    /** Interaction to next paint, in milliseconds. */
    readonly inp_ms?: number;
    /** First contentful paint, in milliseconds. */
    readonly fcp_ms?: number;
    /** Time to the first byte, in milliseconds. */
    readonly ttfb_ms?: number;
  } & MaybeItems & Own;
  /** A script of a page failed. */
  script_error: {
    /** What it said. */
    readonly message: string;
    /** Address of the script. */
    readonly source?: string;
    /** Line in it. */
    readonly line?: number;
    /** Column in it. */
    readonly column?: number;
    /** Calls that led there. */
    readonly stack?: string;
  } & MaybeItems & Own;
  /** The tracker of a page had to give up events. */
  tracker_report: {
    /** How many, since the last such event. */
    readonly dropped: number;
    /** How many for each reason: `full`, `large`, `old`, `refused`, `held`, `reader`, `invalid`. */
    readonly reasons: Readonly<Record<string, unknown>>;
  } & MaybeItems & Own;
}
