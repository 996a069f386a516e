import assert from 'node:assert/strict';
import { test } from 'node:test';
import { campaignOf } from './campaign.ts';
import { createConsent } from './consent.ts';
import { createOutbox, type DropReason } from './outbox.ts';
import { createSession } from './session.ts';
import { createStore } from './store.ts';
import { timeOf, uuidMaker } from './uuid.ts';

const fill = (bytes: Uint8Array): Uint8Array => crypto.getRandomValues(bytes as Uint8Array<ArrayBuffer>);
const start = Date.parse('2026-11-03T00:00:00Z');

function worldOf(eventsMax = 10) {
  const world = { nowMs: start, dropped: [] as DropReason[] };
  const now = (): number => world.nowMs;
  const store = createStore();
  const open = () =>
    createOutbox({
      store,
      prefix: 'o.',
      now,
      leaseMs: 1000,
      eventsMax,
      onDrop: (reason) => world.dropped.push(reason),
    });
  return { world, store, open, uuid: uuidMaker(now, fill) };
}
const limits = { events: 50, bytes: 60_000 };

test('ids are of version 7, in order within a millisecond, and follow a clock that is put back', () => {
  const { world, uuid } = worldOf();
  const ids = Array.from({ length: 5000 }, uuid);
  assert.deepEqual(ids, ids.toSorted());
  assert.equal(new Set(ids).size, ids.length);
  for (const id of ids) assert.match(id, /^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
  world.nowMs -= 86_400_000;
  assert.equal(timeOf(uuid()), world.nowMs);
});

test('two pages over one store never take the same event; a claim of one that is gone runs out', () => {
  const { world, open, uuid } = worldOf();
  const [one, other] = [open(), open()];
  const [a, b, c] = [uuid(), uuid(), uuid()];
  for (const id of [a, b, c]) one.put(id, `{"id":"${id}"}`);
  const taken = one.take({ ...limits, events: 2 });
  assert.deepEqual(taken.ids, [a, b]);
  assert.deepEqual(other.take(limits).ids, [c]);
  assert.deepEqual(other.take(limits), { ids: [], texts: [], waitMs: 1000 });
  other.release([c]);
  assert.deepEqual(one.take(limits).ids, [c]);
  one.done([a, c]);
  world.nowMs += 1001;
  assert.deepEqual(open().take(limits).ids, [b]);
  // A claim of a clock that ran ahead doesn't lock an event up.
  world.nowMs -= 3_600_000;
  assert.deepEqual(open().take(limits).ids, [b]);
});

test('what finds no room is named: too many, too large, too old; a batch keeps its bytes', () => {
  const { world, open, uuid } = worldOf(2);
  const outbox = open();
  assert.equal(outbox.put(uuid(), 'x'.repeat(60_001)), 'large');
  assert.equal(outbox.put(uuid(), '가'.repeat(100)), undefined);
  assert.equal(outbox.put(uuid(), '가'.repeat(100)), undefined);
  assert.equal(outbox.put(uuid(), 'x'), 'full');
  assert.equal(outbox.put(uuid(), 'x', true), undefined);
  const first = outbox.take({ events: 50, bytes: 400 });
  assert.equal(first.ids.length, 1);
  outbox.done(first.ids);
  world.nowMs += 26 * 86_400_000;
  assert.deepEqual(outbox.take(limits).ids, []);
  assert.deepEqual(world.dropped, ['old', 'old']);
});

test('moved into memory, nothing is left in the store', () => {
  const { store, open, uuid } = worldOf();
  const outbox = open();
  const id = uuid();
  outbox.put(id, '{}');
  store.set('o.b', '1|2');
  store.set('mine', 'stays');
  outbox.move(createStore());
  assert.deepEqual(store.names(), ['mine']);
  assert.deepEqual(outbox.take(limits).ids, [id]);
});

test('a visit ends after 30 minutes, with another campaign, and when the clock is put back', () => {
  const { world, uuid } = worldOf();
  const store = createStore();
  const session = createSession({ store: () => store, name: 's', now: () => world.nowMs, uuid });
  const visit = (search = ''): string => session.touch(campaignOf(search)).ids.session_id;
  const first = visit('?utm_source=mail');
  world.nowMs += 29 * 60_000;
  assert.equal(visit(), first);
  assert.equal(visit('?utm_source=mail'), first);
  const second = visit('?utm_source=ad');
  assert.notEqual(second, first);
  world.nowMs += 31 * 60_000;
  const third = visit();
  assert.notEqual(third, second);
  world.nowMs -= 86_400_000;
  assert.notEqual(visit(), third);
  session.setReader('r1');
  const { device_id: device, reader_id: reader } = session.touch().ids;
  session.setReader(undefined);
  const after = session.touch().ids;
  assert.deepEqual([reader, after.reader_id], ['r1', undefined]);
  assert.notEqual(after.device_id, device);
  store.set('s', '{broken');
  assert.match(session.touch().ids.device_id, /^[\da-f-]{36}$/);
});

test('campaigns are read from the address', () => {
  assert.deepEqual(campaignOf('?utm_source=a&utm_campaign=b&gclid=c&x=1&utm_term='), {
    source: 'a',
    campaign: 'b',
    gclid: 'c',
  });
  assert.equal(campaignOf('?page=2'), undefined);
});

test('consent: what holds by default, what is remembered, what a signal forbids', () => {
  const options = { key: 'k', url: 'u' };
  const none = { analytics: false, ads: false };
  assert.deepEqual(createConsent(options, {}, null).current(), { analytics: true, ads: true });
  assert.equal(createConsent({ ...options, consent: 'pending' }, {}, null).current(), undefined);
  assert.deepEqual(createConsent({ ...options, consent: 'denied' }, {}, '1').current(), {
    analytics: true,
    ads: false,
  });
  const gpc = { globalPrivacyControl: true };
  const forbidden = createConsent(options, gpc, null);
  forbidden.set({ analytics: true, ads: true });
  assert.deepEqual(forbidden.current(), none);
  assert.deepEqual(createConsent({ ...options, gpc: 'ads' }, gpc, null).current(), {
    analytics: true,
    ads: false,
  });
  assert.deepEqual(createConsent(options, { doNotTrack: '1' }, null).current(), {
    analytics: true,
    ads: true,
  });
  assert.deepEqual(createConsent({ ...options, dnt: 'all' }, { doNotTrack: '1' }, null).current(), none);
});
