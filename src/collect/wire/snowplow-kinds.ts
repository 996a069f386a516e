import type { Entity } from './snowplow-entities.ts';
import { amountOf, compact, itemOf, kindOf, textOf, type Fields } from './mapped-event.ts';

/** Kinds of the catalogue by the types of Snowplow's e-commerce plugin. */
const actions: Readonly<Record<string, string>> = {
  product_view: 'view_item',
  list_view: 'view_item_list',
  list_click: 'select_item',
  add_to_cart: 'add_to_cart',
  remove_from_cart: 'remove_from_cart',
  transaction: 'purchase',
  refund: 'refund',
  promo_view: 'view_promotion',
  promo_click: 'select_promotion',
  trns_error: 'transaction_error',
};

/** What an event says by itself: its kind, properties, and the title that it names. */
export interface Said {
  readonly kind: string;
  readonly properties: Fields;
  readonly item?: unknown;
  readonly listName?: string | undefined;
}

/** Of a self-describing event; its own name where our catalogue has none. */
export function selfDescribedAs({ schema, name, data }: Entity, titled: boolean, around: Fields): Said {
  switch (schema) {
    case 'com.snowplowanalytics.snowplow.ecommerce/snowplow_ecommerce_action': {
      const type = textOf(data['type']) ?? name;
      const list = textOf(data['name'], 500);
      if (type === 'checkout_step') return { kind: checkoutKind(around, titled), properties: {} };
      return { kind: actions[type] ?? kindOf(type), properties: {}, listName: list };
    }
    case 'com.snowplowanalytics.snowplow/add_to_cart':
    case 'com.snowplowanalytics.snowplow/remove_from_cart':
      return {
        kind: name,
        properties: compact({ currency: textOf(data['currency'], 3) }),
        item: itemOf(data),
      };
    case 'com.snowplowanalytics.snowplow/site_search': {
      const terms = Array.isArray(data['terms']) ? data['terms'].map(String).join(' ') : undefined;
      const found = amountOf(data['totalResults']);
      return {
        kind: 'search',
        properties: compact({ ...data, search_term: textOf(terms, 500), result_count: found }),
      };
    }
    case 'com.snowplowanalytics.snowplow/screen_view':
    case 'com.snowplowanalytics.mobile/screen_view':
      return {
        kind: 'screen_view',
        properties: compact({ ...data, screen_name: textOf(data['name'], 500) }),
      };
    default:
      return { kind: kindOf(name), properties: { ...data, schema } };
  }
}

/** The first step of a checkout begins it, where it names its titles; one that names a way to pay is that; the others stay steps. */
function checkoutKind({ step, payment_type: payment }: Fields, titled: boolean): string {
  if (titled && (step === undefined || Number(step) <= 1)) return 'begin_checkout';
  return payment === undefined ? 'checkout_step' : 'add_payment_info';
}

/** Of the other types of event (`e`); undefined for one that the protocol doesn't have. */
export function plainAs(type: string, from: Readonly<Record<string, string | undefined>>): Said | undefined {
  switch (type) {
    case 'pv':
      return { kind: 'page_view', properties: {} };
    case 'pp': {
      const [minX, maxX, minY, maxY] = [from['pp_mix'], from['pp_max'], from['pp_miy'], from['pp_may']].map(
        numeric,
      );
      return {
        kind: 'page_ping',
        properties: compact({ min_x: minX, max_x: maxX, min_y: minY, max_y: maxY }),
      };
    }
    case 'se': {
      const { se_ca: category, se_ac: action, se_la: label, se_pr: property, se_va: value } = from;
      const kind = kindOf([category, action].filter((part) => part !== undefined).join(' '));
      return {
        kind,
        properties: compact({ category, action, label, property, value: numeric(value) ?? value }),
      };
    }
    case 'tr':
      return {
        kind: 'transaction',
        properties: compact({
          transaction_id: from['tr_id'],
          affiliation: from['tr_af'],
          value: numeric(from['tr_tt']),
          tax: numeric(from['tr_tx']),
          shipping: numeric(from['tr_sh']),
          currency: from['tr_cu'],
          city: from['tr_ci'],
          state: from['tr_st'],
          country: from['tr_co'],
        }),
      };
    case 'ti':
      return {
        kind: 'transaction_item',
        properties: compact({ transaction_id: from['ti_id'], currency: from['ti_cu'] }),
        item: itemOf(
          compact({
            sku: from['ti_sk'],
            name: from['ti_nm'],
            category: from['ti_ca'],
            price: from['ti_pr'],
            quantity: from['ti_qu'],
          }),
        ),
      };
    default:
      return undefined;
  }
}

function numeric(text: string | undefined): number | undefined {
  const number = Number(text);
  return text === undefined || text.trim() === '' || !Number.isFinite(number) ? undefined : number;
}
