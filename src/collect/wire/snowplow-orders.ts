import { amountOf, fieldsOf, itemsKeptMax, textOf, type Fields } from './mapped-event.ts';

/**
 * Makes a `purchase` of each `transaction` whose items are in the same request: Snowplow's older trackers send an order
 * (`tr`) and its lines (`ti`) as events of their own. The lines stay beside it as they came, so that every id that was
 * acknowledged is kept; an order without them stays a `transaction`.
 */
export function joinOrders(events: readonly unknown[]): readonly unknown[] {
  if (!events.some((event) => fieldsOf(event)['kind'] === 'transaction')) return events;
  const lines = Map.groupBy(
    events.map(fieldsOf).filter(({ kind, items }) => kind === 'transaction_item' && items !== undefined),
    ({ properties }) => textOf(fieldsOf(properties)['transaction_id']),
  );
  return events.map((event) => {
    const { kind, properties } = fieldsOf(event);
    const order = fieldsOf(properties);
    const id = kind === 'transaction' ? textOf(order['transaction_id']) : undefined;
    const own = id === undefined ? undefined : lines.get(id);
    return own === undefined ? event : purchaseOf(fieldsOf(event), own);
  });
}

function purchaseOf(event: Fields, lines: readonly Fields[]): Fields {
  const items = lines.flatMap((line) => line['items'] as readonly Fields[]).slice(0, itemsKeptMax);
  const { value: total, ...order } = fieldsOf(event['properties']);
  const currency = order['currency'] ?? fieldsOf(lines[0]?.['properties'])['currency'];
  const value = items.every(({ price }) => price !== undefined)
    ? items.reduce((sum, { price, quantity = 1 }) => sum + Number(price) * Number(quantity), 0)
    : without(total, order);
  // What our catalogue would refuse as an order stays what it was.
  if (value === undefined || textOf(currency)?.length !== 3) return event;
  const sums = { currency, value: Math.round(value * 100) / 100, ...(total !== undefined && { total }) };
  return { ...event, kind: 'purchase', items, properties: { ...order, ...sums } };
}

/** Their total has tax and shipping in it; our value has not. */
function without(total: unknown, order: Fields): number | undefined {
  const whole = amountOf(total);
  if (whole === undefined) return undefined;
  return Math.max(0, whole - (amountOf(order['tax']) ?? 0) - (amountOf(order['shipping']) ?? 0));
}
