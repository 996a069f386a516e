import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom, systemClock, toOctavoError, type Random } from '../../base/index.ts';
import { ScannedEvent } from '../../event/index.ts';
import { createEnrichment } from '../enrichment.ts';
import type { EventLog } from '../event-log.ts';
import { memoryIds } from '../ids/memory-ids.ts';
import { createIntake } from '../intake.ts';
import { parseBody } from '../parse-body.ts';
import { createRecentIds } from '../recent-ids.ts';
import { scanBody } from './scan-body.ts';
import type { WireRead } from './shape.ts';

const nowMs = Date.parse('2026-03-01T10:00:30.000Z');
const requests = Number(process.env['REQUESTS'] ?? 1_500);

test('what is read from bytes is stored, refused and answered byte for byte as what is parsed', async (context) => {
  const random = seededRandom(process.env['SEED'] ?? 'scan');
  const [scanned, parsed] = [openIntake(), openIntake()];
  const found = { scanned: 0, parsed: 0, refusedBodies: 0 };
  for (let request = 0; request < requests; request++) {
    const body = damaged(random, Buffer.from(bodyText(random, request)));
    const [here, there] = await Promise.all([
      scanned.take(() => scanBody(body, eventsMax) ?? parseBody(body, eventsMax)),
      parsed.take(() => parseBody(body, eventsMax)),
    ]);
    assert.deepEqual(here, there, body.toString());
    found.refusedBodies += 'error' in here ? 1 : 0;
    for (const event of scanBody(body, eventsMax)?.batch.events ?? [])
      found[event instanceof ScannedEvent ? 'scanned' : 'parsed'] += 1;
  }
  context.diagnostic(
    `${requests} bodies: ${JSON.stringify(found)}, ${scanned.counts().join(', ')} stored and failed`,
  );
  assert.deepEqual(scanned.counts(), parsed.counts());
  assert.ok(Math.min(found.scanned, found.parsed, found.refusedBodies, ...scanned.counts()) > requests / 20);
});

test('an event as a tracker writes it is never parsed', () => {
  const event = {
    id: '0192f0c1-7e2a-7c3d-9a4b-000000000001',
    kind: 'purchase',
    occurred_at: '2026-03-01T10:00:00.123Z',
    reader_id: '책-1',
    page: { url: 'https://b.example/', title: '한 권의 책 — 서점' },
    items: [{ item_id: 't-1', price: 12.5 }],
    properties: { transaction_id: 'o-1', currency: 'KRW', value: 12_000 },
  };
  const body = Buffer.from(JSON.stringify({ key: 'ok_1', sent_at: '2026-03-01T10:00:00Z', events: [event] }));
  const read = scanBody(body, 10);
  const [first] = read?.batch.events ?? [];
  assert.ok(first instanceof ScannedEvent);
  assert.deepEqual(first.value(), event);
  assert.deepEqual([read?.key, read?.batch.sentAt], ['ok_1', '2026-03-01T10:00:00Z']);
  assert.equal(scanBody(body, 0), undefined);
});

const eventsMax = 6;

/** An intake over logs in memory. */
function openIntake() {
  const logs = { events: memoryLog(), failed: memoryLog() };
  const enrichment = createEnrichment({ internalHosts: ['pay.example'] });
  const intake = createIntake({
    events: logs.events.log,
    failed: logs.failed.log,
    enrichment,
    writing: new Set(),
    eventBytesMax: 2_000,
    clock: { now: () => nowMs, sleep: systemClock.sleep },
    seen: memoryIds(createRecentIds(100_000)),
    recentFailed: createRecentIds(100_000),
  });
  const receipt = {
    received_at: new Date(nowMs).toISOString(),
    source: 'shop',
    user_agent: 'okhttp/4.9',
    ip: '203.0.113.0',
  };
  return {
    counts: () => [logs.events.count(), logs.failed.count()],
    take: async (read: () => WireRead): Promise<object> => {
      try {
        const { key, batch } = read();
        const taken = await intake.take(batch, receipt, { trusted: true });
        return { key, ...taken, stored: logs.events.taken(), failed: logs.failed.taken() };
      } catch (thrown) {
        const { code, message, details } = toOctavoError(thrown);
        return { error: { code, message, details } };
      }
    },
  };
}

function memoryLog() {
  let [records, count]: [string[], number] = [[], 0];
  const log = {
    partitions: 3,
    append: (partition: number, added: readonly Uint8Array[], keys: readonly string[] = []) => {
      count += added.length;
      for (const [index, record] of added.entries())
        records.push(`${partition} ${keys[index]} ${Buffer.from(record).toString()}`);
      return Promise.resolve(0);
    },
  } as unknown as EventLog;
  const taken = (): readonly string[] => {
    const before = records;
    records = [];
    return before;
  };
  return { log, count: () => count, taken };
}

/** A request's body: mostly as clients write it, now and then strangely, or wrong. */
function bodyText(random: Random, request: number): string {
  const events = Array.from(
    { length: random.below(eventsMax + (random.next() < 0.02 ? 3 : 0)) },
    (_, index) => eventText(random, request * 10 + index),
  );
  const sentAt = random.pick([nowMs, nowMs, nowMs - 3_600_000, nowMs + 90_000]);
  const fields = [
    ...(random.next() < 0.3 ? [] : [`"sent_at":"${new Date(sentAt).toISOString()}"`]),
    ...(random.next() < 0.8 ? [] : [`"key":${random.pick(['"ok_1"', '"k\\u00e9y"', '""', '7'])}`]),
    `"events":[${events.join(random.next() < 0.05 ? ', ' : ',')}]`,
    ...(random.next() < 0.97
      ? []
      : [random.pick(['"sent_at":"soon"', '"more":1', '"events":[]', '"sent_at":null'])]),
  ];
  if (random.next() < 0.1) fields.reverse();
  return random.next() < 0.03 ? (events[0] ?? '{}') : `{${fields.join(',')}}`;
}

function eventText(random: Random, serial: number): string {
  // Half of the events are as they should be; the first two of each choice are good.
  const wild = random.next() < 0.5;
  const pick = <T>(list: readonly T[]): T => random.pick(wild ? list : list.slice(0, 2));
  const some = <T>(share: number, of: () => T): T | undefined => (random.next() < share ? of() : undefined);
  const id = `0192f0c1-7e2a-7c3d-9a4b-${String(serial - (random.next() < 0.05 ? 10 : 0)).padStart(12, '0')}`;
  const event = {
    id: random.next() < 0.05 ? id.toUpperCase() : id,
    kind: pick(['page_view', 'own_kind', 'view_item', 'purchase', 'login', 'rate', 'own_kind', 'Own']),
    occurred_at: pick([
      '2026-03-01T10:00:00Z',
      '2026-03-01T19:00:00.123+09:00',
      '2026-03-04T10:00:00Z',
      '2026-02-30T10:00:00Z',
    ]),
    reader_id: some(0.8, () => pick(['reader-1', '독자', 'r"2', ''])),
    device_id: some(0.5, () => `d-${random.below(9)}`),
    page: some(0.6, () => ({
      url: some(0.9, () =>
        pick(['https://b.example/책', 'https://b.example/?utm_source=naver&n=1', 'no url']),
      ),
      referrer: some(0.5, () => pick(['https://pay.example/x', 'https://search.naver.com/', ''])),
      title: some(0.3, () =>
        pick(['한 권의 책 📚', 'Title', 'a\\b', 'line\nbreak', 'x'.repeat(900), 'x'.repeat(1_001)]),
      ),
    })),
    app: some(0.5, () => ({ name: 'store', platform: pick(['web', 'ios', 'server']) })),
    items: some(0.5, () => Array.from({ length: random.below(3) }, () => itemOf(pick))),
    properties: some(0.4, () => propertiesOf(pick)),
    ip: some(wild ? 0.05 : 0, () => '198.51.100.7'),
    surplus: some(wild ? 0.04 : 0, () => true),
  };
  const entries = Object.entries(event).filter(([, value]) => value !== undefined);
  if (random.next() < 0.2) entries.reverse();
  const text = JSON.stringify(Object.fromEntries(entries), undefined, random.next() < 0.03 ? 1 : undefined);
  return random.next() < 0.8 ? text : strange(random, text);
}

type Pick = <T>(list: readonly T[]) => T;

function itemOf(pick: Pick): object {
  const price = pick<unknown>([12_000, 9.5, 0, 12_000, 9_999.99, 1e-7, 1e15, 1e16, -1, 123_456.789_012, '5']);
  return { item_id: pick(['t-1', 't-1', '']), index: pick([0, 3, 2 ** 31, 1.5, 7]), price };
}

function propertiesOf(pick: Pick): object {
  return pick<object>([
    {},
    { transaction_id: 'o-1', currency: 'KRW', value: 12.5, rating: 4 },
    { method: 'email', rating: 9 },
    { context: { campaign: { source: 'mail' }, os: { name: 'iOS', version: '17.2' } } },
    { deep: { a: { b: { c: { d: { e: { f: { g: { h: {} } } } } } } } } },
    { 10: 'ten', 9: 'nine', list: [1, [2]], note: 'ä"\\' },
    [1],
  ]);
}

/** The same in other words, or something that only looks like it. */
function strange(random: Random, text: string): string {
  return random.pick([
    () => text.replace(/:(\d+)([,}])/, ':$1.0$2'),
    () => text.replace(/:(\d+)([,}])/, ':0$1$2'),
    () =>
      text.replace(
        /"price":(\d+)([,}])/,
        `"price":$1${random.pick(['.0', '.50', '.5e1', 'E2', '.00000001'])}$2`,
      ),
    () => text.replace(/"price":[\d.]+/, '"price":0.0000001'),
    () => text.replace(/:(\d)/, ':$1e0'),
    () =>
      text.replace(/"kind":"(.)/, (_, letter: string) => `"kind":"\\u00${letter.charCodeAt(0).toString(16)}`),
    () => text.replace('{', '{"kind":"login",'),
    () => text.replace('"properties":{', '"properties":{"method":"x","method":"y",'),
    () => text.replace('"title":"', '"title":"\\ud83d'),
    () => text.replace('}', '},'),
    () => text.replace(':', ' : '),
    () => text.replace('"page":{', '"page":{"__proto__":null,'),
    () =>
      `${text},{"id":"${text.slice(7, 43)}","refused":{"code":"line_invalid","rule":"r","message":"m"},"line":"l"}`,
    () => random.pick(['7', 'null', '"event"', '[]', '{}']),
  ])();
}

/** One byte in some of the bodies is another, or the rest is missing. */
function damaged(random: Random, body: Buffer): Buffer {
  if (random.next() < 0.9) return body;
  if (random.next() < 0.2) return body.subarray(0, random.below(body.length));
  body[random.below(body.length)] = random.pick([
    34,
    44,
    58,
    92,
    123,
    125,
    10,
    32,
    0,
    200,
    random.below(256),
  ]);
  return body;
}
