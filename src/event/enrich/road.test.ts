import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  campaignOf,
  clientAddress,
  clockShiftMs,
  correctedTime,
  countryCode,
  createEnricher,
  hostOf,
  proxyList,
  referrerOf,
  storedIp,
} from './index.ts';

const shop = 'https://www.bookstore.example';

/** What a page's address and the one before it say: `class name`. */
function road(url: string, referrer?: string): string {
  const hosts = { page: hostOf(url), referrer: referrer === undefined ? undefined : hostOf(referrer) };
  const { class: kind, name } = referrerOf(hosts, campaignOf(url), new Set(['pay.partner.example']));
  return name === undefined ? kind : `${kind} ${name}`;
}

test('a campaign is read from its parameters and the click ids of every network', () => {
  assert.deepEqual(
    campaignOf(`${shop}/?utm_source=naver&utm_medium=cpc&utm_campaign=%EB%B4%84+%EC%84%B8%EC%9D%BC&utm_id=7`),
    {
      source: 'naver',
      medium: 'cpc',
      name: '봄 세일',
      id: '7',
    },
  );
  assert.deepEqual(campaignOf(`${shop}/b/1?n_media=8753&n_query=%EC%86%8C%EC%84%A4&n_rank=1&n_ad=nad-a001`), {
    click_id: '8753',
    click_id_name: 'n_media',
    network: 'naver',
    term: '소설',
  });
  for (const [id, network] of [
    ['gclid', 'google'],
    ['fbclid', 'meta'],
    ['msclkid', 'microsoft'],
    ['ttclid', 'tiktok'],
    ['NaPm', 'naver'],
    ['kakao_click_id', 'kakao'],
    ['twclid', 'x'],
    ['li_fat_id', 'linkedin'],
  ]) {
    const found = campaignOf(`${shop}/?a=1&${id}=A.b-3`);
    assert.deepEqual([found?.click_id, found?.network], ['A.b-3', network]);
  }
  // Meta puts its id on every link; the ad's own id wins.
  assert.equal(campaignOf(`${shop}/?fbclid=1&gclid=2`)?.click_id_name, 'gclid');
  assert.equal(campaignOf(`${shop}/#/b?utm_source=mail`)?.source, 'mail');
  for (const none of [
    '',
    shop,
    `${shop}/?q=utm_source`,
    `${shop}/?utm_source=`,
    `${shop}/?page=2&sort=new`,
  ]) {
    assert.equal(campaignOf(none), undefined, none);
  }
});

test('parameters with names that every object of JavaScript has are no campaign', () => {
  const url = 'https://store.example/?constructor=1&__proto__=2&toString=3&utm_source=mail';
  assert.deepEqual(campaignOf(url), { source: 'mail' });
});

test('the road of a reader has one class', () => {
  const page = `${shop}/b/1`;
  const roads: readonly (readonly [string, string, string?])[] = [
    ['direct', page],
    ['direct', page, ''],
    ['internal bookstore.example', page, `${shop}/`],
    ['internal m.bookstore.example', page, 'https://m.bookstore.example/x'],
    ['internal pay.partner.example', page, 'https://pay.partner.example/done'],
    ['search Google', page, 'https://www.google.co.kr/'],
    ['search Google', page, 'https://www.google.com/url?q=x'],
    ['search Google', page, 'android-app://com.google.android.googlequicksearchbox/'],
    ['search Naver', page, 'https://search.naver.com/search.naver?query=x'],
    ['search Naver', page, 'https://m.search.naver.com/search.naver?query=x'],
    ['search Daum', page, 'https://search.daum.net/search?q=x'],
    ['search Zum', page, 'https://search.zum.com/search.zum?query=x'],
    ['search Bing', page, 'https://www.bing.com/'],
    ['social Naver Blog', page, 'https://m.blog.naver.com/x/1'],
    ['social Naver Cafe', page, 'https://cafe.naver.com/x'],
    ['social Kakao', page, 'https://story.kakao.com/x'],
    ['social Instagram', page, 'https://l.instagram.com/?u=x'],
    ['social Facebook', page, 'https://lm.facebook.com/l.php'],
    ['social X', page, 'https://t.co/abc'],
    ['mail Naver Mail', page, 'https://mail.naver.com/v2/read'],
    ['mail Gmail', page, 'https://mail.google.com/mail/u/0/'],
    ['mail Daum Mail', page, 'https://mail.daum.net/'],
    ['paid Naver Ads', page, 'https://adcr.naver.com/adcr?x=1'],
    ['paid Google', `${page}?gclid=x`, 'https://www.google.com/'],
    ['paid Naver', `${page}?n_media=27758&n_query=x`, 'https://search.naver.com/'],
    ['paid Naver', `${page}?n_media=27758`],
    ['paid Instagram', `${page}?utm_source=ig&utm_medium=paid_social&fbclid=1`, 'https://l.instagram.com/'],
    ['social Facebook', `${page}?fbclid=1`, 'https://m.facebook.com/'],
    ['mail Stibee', `${page}?utm_source=stibee&utm_medium=email`],
    ['social Kakao', `${page}?utm_source=kakao`],
    ['assistant ChatGPT', page, 'https://chatgpt.com/'],
    ['other blog.reader.example', page, 'https://blog.reader.example/post/1'],
    ['other notgoogle.com', page, 'https://notgoogle.com/'],
    ['other google.com.evil.example', page, 'https://google.com.evil.example/'],
    ['other evil.example', page, 'https://www.google.com@evil.example/'],
    // Two stores of one ending are two stores.
    ['other b.co.kr', 'https://a.co.kr/', 'https://b.co.kr/'],
    // A store at a portal's own blog: the same host is internal, the portal's search isn't.
    ['internal Naver Blog', 'https://blog.naver.com/a', 'https://blog.naver.com/b'],
    ['search Naver', 'https://blog.naver.com/a', 'https://search.naver.com/'],
  ];
  assert.deepEqual(
    roads.map(([, url, referrer]) => road(url, referrer)),
    roads.map(([wanted]) => wanted),
  );
});

test('times are corrected by received - (sent - occurred), only where the clock is off', () => {
  const received = Date.parse('2026-03-01T10:00:00.000Z');
  const shift = clockShiftMs(received, '2026-03-01T19:30:00.000+09:00', 60_000);
  assert.equal(shift, -30 * 60_000);
  assert.equal(correctedTime('2026-03-01T19:29:50+09:00', shift), '2026-03-01T09:59:50.000Z');
  assert.equal(clockShiftMs(received, '2026-03-01T09:59:20Z', 60_000), 0, 'a slow network');
  assert.equal(clockShiftMs(received, undefined, 60_000), 0);
  assert.equal(correctedTime('2026-03-01T10:00:00Z', 0), undefined);
  assert.equal(correctedTime('2000-01-01T00:00:01Z', -10_000), undefined, 'no time before all times');
});

test('the address of a client is read from the right, as far as the hops are trusted', () => {
  const proxies = proxyList(['loopback', '10.0.0.0/8', '2001:db8::/32', '203.0.113.7']);
  const through = (remote: string, chain?: string, forwarded?: string): string | undefined =>
    clientAddress(remote, { 'x-forwarded-for': chain, forwarded }, proxies);
  assert.equal(
    through('198.51.100.1', '1.2.3.4'),
    '198.51.100.1',
    'no proxy of ours: anyone may write the header',
  );
  assert.equal(through('127.0.0.1', '1.2.3.4'), '1.2.3.4');
  assert.equal(
    through('::ffff:127.0.0.1', '6.6.6.6, 1.2.3.4, 10.9.9.9'),
    '1.2.3.4',
    'what stands left of it is hearsay',
  );
  assert.equal(through('127.0.0.1', 'unknown, 10.1.1.1'), '10.1.1.1', 'an unreadable hop ends it');
  assert.equal(through('127.0.0.1', '[2a00::1]:443, 2001:db8::5'), '2a00::1');
  assert.equal(through('127.0.0.1', '1.2.3.4:5678'), '1.2.3.4');
  assert.equal(
    through('127.0.0.1', '9.9.9.9', 'for="[2a00::2]:9";proto=https, for=10.0.0.1'),
    '2a00::2',
    'Forwarded wins',
  );
  assert.equal(through('127.0.0.1', undefined, 'for=_hidden'), '127.0.0.1');
  assert.equal(clientAddress('127.0.0.1', { 'x-forwarded-for': '1.2.3.4' }, undefined), '127.0.0.1');
  assert.deepEqual(
    (['truncate', 'keep', 'drop'] as const).map((mode) => storedIp('203.0.113.77', mode)),
    ['203.0.113.0', '203.0.113.77', undefined],
  );
});

test('a country is two letters of ISO 3166, or nothing', () => {
  assert.deepEqual(['kr', ' KR ', 'XX', 'T1', 'KOR', '', 7].map(countryCode), [
    'KR',
    'KR',
    ...Array.from({ length: 5 }),
  ]);
});

test('an enricher writes what is appended to an event, the same at every call', () => {
  const enricher = createEnricher({ internalHosts: ['pay.example'], remembered: 2 });
  const event = (url?: string, referrer?: string) => ({
    id: 'x',
    kind: 'page_view',
    occurred_at: '2026-03-01T10:00:00Z',
    page: { ...(url === undefined ? {} : { url }), ...(referrer === undefined ? {} : { referrer }) },
  });
  for (let round = 0; round < 3; round++) {
    assert.equal(
      enricher.pageText(event(`${shop}/`, 'https://search.naver.com/')),
      ',"referrer":{"class":"search","name":"Naver"}',
    );
    assert.equal(
      enricher.pageText(event(`${shop}/${round}`, 'https://pay.example/')),
      ',"referrer":{"class":"internal","name":"pay.example"}',
    );
    assert.equal(enricher.pageText(event()), '');
    assert.match(
      enricher.pageText(event(`${shop}/?gclid=a"b`)),
      /^,"campaign":\{"click_id":"a\\"b".*"referrer":\{"class":"paid","name":"Google"\}$/,
    );
    assert.match(enricher.clientText(`agent ${round}`), /^,"client":\{"bot":/);
    assert.equal(enricher.clientText(undefined), ',"client":{"bot":true,"bot_name":"no user agent"}');
    assert.equal(
      enricher.clientText(undefined, undefined, 'ios'),
      ',"client":{"device":"mobile","os":"iOS","bot":false}',
    );
  }
});
