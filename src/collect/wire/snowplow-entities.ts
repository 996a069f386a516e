import { amountOf, compact, fieldsOf, itemOf, textOf, type Fields } from './mapped-event.ts';

/** A self-describing document: what it is called, and what it says. */
export interface Entity {
  /** `vendor/name` of `iglu:vendor/name/jsonschema/1-0-0`. */
  readonly schema: string;
  readonly name: string;
  readonly data: Fields;
}

/** Reads `{ schema, data }`; undefined for anything else. */
export function entityOf(value: unknown): Entity | undefined {
  const { schema, data } = fieldsOf(value);
  const [, vendor, name] =
    /^iglu:([\w.-]+)\/([\w.-]+)\/jsonschema\/[\w-]+$/.exec(textOf(schema, 300) ?? '') ?? [];
  return vendor === undefined || name === undefined
    ? undefined
    : { schema: `${vendor}/${name}`, name, data: fieldsOf(data) };
}

const commerce = 'com.snowplowanalytics.snowplow.ecommerce';

/** What the entities around an event say in our words. */
export interface EntityFacts {
  readonly items: readonly unknown[];
  readonly properties: Fields;
  readonly fields: Fields;
  readonly platform?: string;
  /** What is kept as it is: everything that did not become an item. */
  readonly kept: readonly Fields[];
}

/** Items, sums, session and device out of entities, first come first taken. */
export function factsOf(entities: readonly Entity[]): EntityFacts {
  const items: unknown[] = [];
  const properties: Record<string, unknown> = {};
  const fields: Record<string, unknown> = {};
  const kept: Fields[] = [];
  let platform: string | undefined;
  const add = (to: Record<string, unknown>, from: Fields): void => {
    for (const [name, value] of Object.entries(from)) to[name] ??= value;
  };
  for (const { schema, data } of entities) {
    const item = schema === `${commerce}/product` ? itemOf(data) : undefined;
    if (item !== undefined) {
      items.push(item);
      add(properties, compact({ currency: textOf(data['currency'], 3) }));
      continue;
    }
    kept.push({ schema, data });
    switch (schema) {
      case `${commerce}/transaction`:
        add(properties, transactionOf(data));
        break;
      case `${commerce}/refund`:
        add(
          properties,
          compact({
            transaction_id: textOf(data['transaction_id'], 100),
            value: amountOf(data['refund_amount']),
          }),
        );
        add(properties, compact({ currency: textOf(data['currency'], 3) }));
        break;
      case `${commerce}/cart`:
        add(
          properties,
          compact({ currency: textOf(data['currency'], 3), value: amountOf(data['total_value']) }),
        );
        break;
      case `${commerce}/promotion`:
        add(properties, compact({ promotion_id: textOf(data['id'], 100) }));
        break;
      case `${commerce}/checkout_step`:
        add(
          properties,
          compact({ step: amountOf(data['step']), payment_type: textOf(data['payment_method'], 100) }),
        );
        break;
      case `${commerce}/user`:
        add(fields, compact({ reader_id: data['is_guest'] === true ? undefined : textOf(data['id']) }));
        break;
      case 'com.snowplowanalytics.snowplow/client_session':
        add(fields, compact({ session_id: textOf(data['sessionId']), device_id: textOf(data['userId']) }));
        break;
      case 'com.snowplowanalytics.snowplow/mobile_context':
        platform = mobilePlatform(textOf(data['osType']));
        break;
      case 'com.snowplowanalytics.snowplow/web_page':
        add(properties, compact({ page_view_id: textOf(data['id']) }));
        break;
      case 'com.snowplowanalytics.mobile/screen':
        add(properties, compact({ screen_name: textOf(data['name'], 500) }));
        break;
      default:
    }
  }
  return { items, properties, fields, kept, ...(platform === undefined ? {} : { platform }) };
}

function transactionOf(data: Fields): Fields {
  const revenue = amountOf(data['revenue']);
  const [tax, shipping] = [amountOf(data['tax']), amountOf(data['shipping'])];
  return compact({
    transaction_id: textOf(data['transaction_id'], 100),
    currency: textOf(data['currency'], 3),
    // Their revenue has tax and shipping in it; our value has not.
    value:
      revenue === undefined
        ? undefined
        : Math.max(0, Math.round((revenue - (tax ?? 0) - (shipping ?? 0)) * 100) / 100),
    tax,
    coupon: textOf(data['discount_code'], 500),
    payment_type: textOf(data['payment_method'], 100),
  });
}

function mobilePlatform(system: string | undefined): string | undefined {
  return /ios/i.test(system ?? '') ? 'ios' : /android/i.test(system ?? '') ? 'android' : undefined;
}
