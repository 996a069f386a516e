import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasCode, systemClock } from '../base/index.ts';
import { rulesVersion, type StoredEvent } from '../event/index.ts';
import { openTestCollector, testEvent } from './collector.fixture.ts';
import { createEnrichment, type EnrichmentOptions } from './enrichment.ts';

const nowMs = Date.parse('2026-03-01T10:00:30Z');
const clock = { now: () => nowMs, sleep: systemClock.sleep };
const chrome =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36';
const countries = {
  lookup: (address: string) => (address.startsWith('1.201.') ? 'KR' : undefined),
  version: () => 'Test 2026-03-01',
};

/** Sends a body with headers to a collector that enriches, and tells what it stored. */
async function storedOf(
  enrich: EnrichmentOptions,
  requests: readonly { readonly body: object; readonly headers?: Readonly<Record<string, string>> }[],
): Promise<readonly StoredEvent[]> {
  const collector = await openTestCollector({ clock, enrich });
  try {
    for (const { body, headers = {} } of requests) {
      const answer = await fetch(`${collector.url}/v1/events`, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { authorization: 'Bearer good', 'user-agent': chrome, ...headers },
      });
      assert.equal(answer.status, 200);
    }
    return await collector.stored();
  } finally {
    await collector.close();
  }
}

test('a stored event has what its request says, and only what the request says', async () => {
  const page = {
    url: 'https://book.example/b/1?utm_source=naver&utm_medium=cpc',
    referrer: 'https://search.naver.com/',
  };
  const hints = {
    'sec-ch-ua-platform': '"Windows"',
    'sec-ch-ua-platform-version': '"15.0.0"',
    'x-forwarded-for': '9.9.9.9, 1.201.7.8',
  };
  const [event] = await storedOf({ trustedProxies: ['loopback'], countries }, [
    { body: testEvent(1, { page }), headers: hints },
  ]);
  assert.deepEqual(event, {
    ...testEvent(1, { page }),
    campaign: { source: 'naver', medium: 'cpc' },
    referrer: { class: 'paid', name: 'Naver' },
    client: {
      device: 'desktop',
      os: 'Windows',
      os_version: '11',
      browser: 'Chrome',
      browser_version: '131.0.0.0',
      bot: false,
    },
    received_at: '2026-03-01T10:00:30.000Z',
    source: 'web',
    user_agent: chrome,
    ip: '1.201.7.0',
    country: 'KR',
    enriched_by: `rules ${rulesVersion}, Test 2026-03-01`,
  });
});

test('robots are stored with their name', async () => {
  const agent = 'Mozilla/5.0 (compatible; Yeti/1.1; +https://naver.me/spd)';
  const [event] = await storedOf({}, [{ body: testEvent(1), headers: { 'user-agent': agent } }]);
  assert.deepEqual([event?.client?.bot, event?.client?.bot_name], [true, 'Yeti']);
});

test('a wrong clock is corrected before anything looks at the time, a right one is left alone', async () => {
  const ahead = {
    sent_at: '2026-03-04T10:00:20Z',
    events: [testEvent(1, { occurred_at: '2026-03-04T10:00:00Z' })],
  };
  const slow = { sent_at: '2026-03-01T10:00:05Z', events: [testEvent(2)] };
  const silent = { events: [testEvent(3)] };
  const stored = await storedOf({}, [{ body: ahead }, { body: slow }, { body: silent }]);
  assert.deepEqual(
    stored.map((event) => [event.occurred_at, event.device_occurred_at]),
    [
      // Three days ahead: without its clock's error it would have been refused.
      ['2026-03-01T10:00:10.000Z', '2026-03-04T10:00:00Z'],
      ['2026-03-01T10:00:00Z', undefined],
      ['2026-03-01T10:00:00Z', undefined],
    ],
  );
});

test('a server speaks for a device: its agent and address, not the server’s', async () => {
  const agent =
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 KAKAOTALK 10.6.5 (INAPP)';
  const headers = { 'user-agent': 'axios/1.7', 'cf-ipcountry': 'US', 'sec-ch-ua-platform': '"Linux"' };
  const bodies = [
    testEvent(1, { user_agent: agent, ip: '1.201.9.9' }),
    testEvent(2, { user_agent: agent }),
    testEvent(3),
    testEvent(4, { app: { platform: 'server' } }),
  ];
  const stored = await storedOf(
    { countryHeader: 'CF-IPCountry', countries },
    bodies.map((body) => ({ body, headers })),
  );
  assert.deepEqual(
    stored.map(({ ip, country, client }) => [ip, country, client?.browser, client?.os, client?.bot]),
    [
      ['1.201.9.0', 'KR', 'KakaoTalk', 'iOS', false],
      ['127.0.0.0', undefined, 'KakaoTalk', 'iOS', false],
      ['127.0.0.0', 'US', undefined, 'Linux', true],
      ['127.0.0.0', 'US', undefined, 'Linux', false],
    ],
  );
});

test('a server that states an address and no user agent makes no robot of the device', async () => {
  const headers = { 'user-agent': 'node', 'cf-ipcountry': 'US', 'sec-ch-ua-platform': '"Linux"' };
  const ip = '1.201.9.9';
  const bodies = [
    testEvent(1, { ip }),
    testEvent(2, { ip, properties: { context: { device: { model: 'iPhone15,2' } } } }),
    testEvent(3, { ip, app: { platform: 'ios' } }),
    testEvent(4, { ip, app: { platform: 'server' } }),
    testEvent(5, { source: 'gateway-1' }),
  ];
  const stored = await storedOf(
    { countryHeader: 'CF-IPCountry', countries },
    bodies.map((body) => ({ body, headers })),
  );
  const phone = { device: 'mobile', os: 'iOS', bot: false };
  assert.deepEqual(
    stored.map(({ user_agent: agent, client, country }) => [agent, client, country]),
    [
      [undefined, undefined, 'KR'],
      [undefined, phone, 'KR'],
      [undefined, phone, 'KR'],
      [undefined, undefined, 'KR'],
      ['node', { os: 'Linux', bot: true, bot_name: 'node' }, 'US'],
    ],
  );
});

test('a header of a country is believed from trusted proxies only, where there are some', async () => {
  const headers = { 'cf-ipcountry': 'KR' };
  for (const [trustedProxies, wanted] of [
    [['10.0.0.0/8'], undefined],
    [['private', 'loopback'], 'KR'],
    [[], 'KR'],
  ] as const) {
    const [event] = await storedOf({ countryHeader: 'cf-ipcountry', trustedProxies }, [
      { body: testEvent(1), headers },
    ]);
    assert.equal(event?.country, wanted);
  }
  const kept = await storedOf({ ip: 'keep' }, [{ body: testEvent(1) }]);
  assert.equal(kept[0]?.ip, '127.0.0.1');
  const dropped = await storedOf({ ip: 'drop' }, [{ body: testEvent(1, { ip: '1.2.3.4' }) }]);
  assert.equal(dropped[0]?.ip, undefined);
  assert.throws(
    () => createEnrichment({ trustedProxies: ['10.0.0.0/33'] }),
    (error) => hasCode(error, 'config_invalid'),
  );
});
