import { isEventError, validateEvent, type EventInput, type EventKind } from '../../src/event/index.ts';

/** A value for every property that a kind of the catalogue has. */
const values: Readonly<Record<string, unknown>> = {
  cls: 0.02,
  column: 17,
  coupon: 'SPRING',
  currency: 'KRW',
  dropped: 3,
  engaged_seconds: 41.5,
  fcp_ms: 640,
  group_id: 'family-17',
  inp_ms: 96,
  lcp_ms: 1180,
  line: 203,
  link_domain: 'publisher.example',
  link_url: 'https://publisher.example/authors/1',
  message: "Cannot read properties of undefined (reading 'price')",
  method: 'email',
  outbound: true,
  pages: 12,
  payment_type: 'card',
  plan: 'monthly',
  progress: 0.42,
  promotion_id: 'spring-sale',
  rating: 4.5,
  reason: 'too little time',
  reasons: { full: 2, old: 1 },
  recipient_id: 'r0000002',
  rental_days: 7,
  result_count: 3,
  review: 'Read in one sitting.',
  screen_name: 'shelf',
  scroll_depth: 0.75,
  search_term: '소년이 온다',
  seconds: 310,
  source: 'https://store.example/assets/cart.js',
  stack: 'at total (https://store.example/assets/cart.js:203:17)',
  tax: 1350,
  traits: { language: 'ko' },
  transaction_id: 'o1001',
  ttfb_ms: 120,
  value: 13_500,
};

/** An event of the kind with all of its own properties; it passes the collector's own check. */
export function exampleOf(kind: EventKind, index: number): EventInput {
  const names = Object.keys(kind.properties.properties);
  const unknown = names.find((name) => !(name in values));
  if (unknown !== undefined) throw new Error(`give an example value of '${unknown}' (${kind.name})`);
  const example = validateEvent({
    id: `019a4e2c-7b10-7000-8000-${String(index + 1).padStart(12, '0')}`,
    kind: kind.name,
    occurred_at: '2026-11-02T21:14:05.120+09:00',
    device_id: 'd1f0a',
    ...(kind.readerRequired ? { reader_id: 'r0000001' } : {}),
    ...(kind.itemsRequired ? { items: [{ item_id: 'b0000001', price: 13_500, quantity: 1 }] } : {}),
    ...(names.length === 0
      ? {}
      : { properties: Object.fromEntries(names.map((name) => [name, values[name]])) }),
  });
  if (isEventError(example)) throw new Error(`the example of '${kind.name}' is wrong: ${example.message}`);
  return example;
}
