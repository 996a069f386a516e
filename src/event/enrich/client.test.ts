import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { botOf, clientHintsOf, clientOf, type EventClient } from './index.ts';

const webkit = 'AppleWebKit/537.36 (KHTML, like Gecko)';

const lines = (file: string): readonly (readonly string[])[] =>
  readFileSync(join(import.meta.dirname, file), 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(' | '));
/** Names of what it is, without versions. */
const shown = ({ device, os, os_version: version, bot_name: bot }: EventClient): readonly unknown[] => [
  device,
  version === undefined ? os : `${os} ${version}`,
  bot,
];

/** Readers of a Korean bookstore, none of them in the labelled files: `device | system | browser | user agent`. */
const readers = lines('readers.fixture.txt');
/** Robots by name, none of them an example of the labelled file in these words. */
const robots = lines('robots.fixture.txt');

test('devices, systems and browsers of readers are named, and none is called a robot', () => {
  const said = (name?: string, version?: string): string =>
    name === undefined ? '-' : version === undefined ? name : `${name} ${version}`;
  const found = readers.map(([, , , agent = '']) => {
    const client = clientOf(agent);
    const names = [said(client.os, client.os_version), said(client.browser, client.browser_version)];
    return [client.device ?? '-', ...names, agent, ...(client.bot ? [client.bot_name] : [])];
  });
  assert.deepEqual(found, readers);
});

test('robots that are in no list are found and named', () => {
  assert.deepEqual(
    robots.map(([, agent = '']) => [botOf(agent)?.name, agent]),
    robots,
  );
});

test('a library in the hands of an app or a server is no robot, in those of a page it is', () => {
  assert.deepEqual(clientOf('okhttp/4.12.0', undefined, 'android'), {
    device: 'mobile',
    os: 'Android',
    bot: false,
  });
  assert.deepEqual(clientOf('okhttp/4.12.0'), { bot: true, bot_name: 'okhttp' });
  assert.equal(clientOf('node', undefined, 'server').bot, false);
  assert.equal(clientOf('Googlebot/2.1 (+http://www.google.com/bot.html)', undefined, 'android').bot, true);
});

test('client hints say what a frozen user agent keeps back', () => {
  const agent = `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${webkit} Chrome/131.0.0.0 Safari/537.36`;
  const hints = clientHintsOf({
    'sec-ch-ua': '"Google Chrome";v="131", "Chromium";v="131", "Not_A Brand";v="24"',
    'sec-ch-ua-full-version-list':
      '"Not_A Brand";v="24.0.0.0", "Chromium";v="131.0.6778.86", "Google Chrome";v="131.0.6778.86"',
    'sec-ch-ua-mobile': '?0',
    'sec-ch-ua-platform': '"Windows"',
    'sec-ch-ua-platform-version': '"15.0.0"',
  });
  assert.deepEqual(clientOf(agent, hints), {
    device: 'desktop',
    os: 'Windows',
    os_version: '11',
    browser: 'Chrome',
    browser_version: '131.0.6778.86',
    bot: false,
  });
  const eink = clientOf(agent, { formFactors: '"EInk"' });
  assert.equal(eink.device, 'ereader');
});

test('hints name the device that a frozen user agent keeps back', () => {
  const frozen = `Mozilla/5.0 (Linux; Android 10; K) ${webkit} Chrome/131.0.0.0`;
  const desk = `Mozilla/5.0 (X11; Linux x86_64) ${webkit} Chrome/131.0.0.0 Safari/537.36`;
  const hinted = (agent: string, mobile: string, more: Readonly<Record<string, string>> = {}): EventClient =>
    clientOf(
      agent,
      clientHintsOf({
        'sec-ch-ua': '"Chromium";v="131", "Not_A Brand";v="24"',
        'sec-ch-ua-mobile': mobile,
        'sec-ch-ua-platform': '"Android"',
        ...more,
      }),
    );
  const [phone, slate] = [`${frozen} Mobile Safari/537.36`, `${frozen} Safari/537.36`];
  const models: readonly (readonly [string, string, string, string])[] = [
    ['tablet', slate, '?0', 'SM-X710'],
    ['tablet', phone, '?1', 'SM-T225N'],
    ['tablet', slate, '?0', 'Lenovo TB-X606F'],
    ['tablet', slate, '?0', 'Pixel Tablet'],
    ['mobile', phone, '?1', 'SM-S928N'],
    ['mobile', phone, '?1', 'SM-F946N'],
    ['mobile', slate, '?0', 'SM-F946N'],
    ['mobile', phone, '?1', '22021211RG'],
    ['tablet', slate, '?0', '22081281AC'],
    ...[
      'BOOX',
      'NoteAir3C',
      'Note Air2P',
      'Leaf2',
      'Page BOOX',
      'Palma2',
      'TabUltraC',
      'GoColor7',
      'CREMA-0670C',
      'crema_motif',
      'Crema Carta G',
      'RIDI PAPER',
      'RIDIPAPER PRO',
      'PocketBook InkPad',
      'PB743G',
      'Kindle',
      'Kobo',
      'Bigme B751C',
      'Likebook P78',
      'HLTE203T',
    ].map((model) => ['ereader', slate, '?0', model] as const),
    ['tv', slate, '?0', 'AFTKM'],
    ['tv', slate, '?0', 'BRAVIA 4K VH2'],
    // Without a model the browser's own words are left.
    ['tablet', slate, '?0', ''],
    ['mobile', phone, '?1', ''],
    ['tablet', desk, '?0', ''],
    ['mobile', desk, '?1', ''],
  ];
  assert.deepEqual(
    models.map(([, agent, mobile, model]) => {
      const { device, os, bot } = hinted(
        agent,
        mobile,
        model === '' ? {} : { 'sec-ch-ua-model': `"${model}"` },
      );
      return [device, os, bot, model];
    }),
    models.map(([device, , , model]) => [device, 'Android', false, model]),
  );
  // Asked for the desktop's page, its user agent calls itself Linux.
  const more = { 'sec-ch-ua-platform-version': '"14.0.0"', 'sec-ch-ua': '"Samsung Internet";v="25.0"' };
  const samsung = hinted(desk.replace('Chrome/', 'SamsungBrowser/25.0 Chrome/'), '?1', more);
  assert.deepEqual(
    [...shown(samsung), samsung.browser],
    ['mobile', 'Android 14', undefined, 'Samsung Internet'],
  );
  const form = hinted(desk, '?0', { 'sec-ch-ua-form-factors': '"Tablet"' });
  assert.deepEqual(shown(form), ['tablet', 'Android', undefined]);
  assert.deepEqual(
    ['13.0.0', '15.0.0', '19.0.0', '10.0.0', '0.1.0', '0.3.0'].map(
      (told) => clientOf(desk, { platform: '"Windows"', platformVersion: `"${told}"` }).os_version,
    ),
    ['11', '11', '11', '10', '7', '8.1'],
  );
  assert.equal(clientHintsOf({ 'user-agent': slate }), undefined);
});

test('a browser that nobody looks at is a robot by its hints alone', () => {
  const agent = `Mozilla/5.0 (X11; Linux x86_64) ${webkit} Chrome/131.0.0.0 Safari/537.36`;
  const hints = clientHintsOf({
    'sec-ch-ua': '"HeadlessChrome";v="131", "Chromium";v="131", "Not_A Brand";v="24"',
    'sec-ch-ua-platform': '"Linux"',
  });
  assert.deepEqual(shown(clientOf(agent, hints)), ['desktop', 'Linux', 'HeadlessChrome']);
  assert.equal(clientOf(agent).bot, false);
});

test('what sends no user agent is a robot, unless it says that it is an app or a server', () => {
  for (const agent of ['', '  ']) {
    assert.deepEqual(clientOf(agent), { bot: true, bot_name: 'no user agent' });
    assert.equal(clientOf(agent, undefined, 'web').bot, true);
    assert.equal(clientOf(agent, { mobile: '?1' }).bot, true);
    assert.deepEqual(clientOf(agent, undefined, 'ios'), { device: 'mobile', os: 'iOS', bot: false });
    assert.deepEqual(clientOf(agent, undefined, 'server'), { bot: false });
  }
});

test('a program that only names itself is a robot until its events say that it is an app or a server', () => {
  for (const agent of [
    'BookstoreApp/2.1',
    'StoreServer/1.0 (linux)',
    'python-requests/2.31.0',
    'okhttp/4.9.3',
  ]) {
    assert.equal(clientOf(agent).bot, true, agent);
    assert.equal(clientOf(agent, undefined, 'server').bot, false, agent);
  }
  for (const agent of [
    'Googlebot-Image/1.0',
    'ShelfCrawler/1.0',
    'LinkChecker/9.3',
    'Slackbot/1.0 okhttp/4.9.3',
  ])
    assert.equal(clientOf(agent, undefined, 'server').bot, true, agent);
});

test('a Macintosh that several fingers can touch is an iPad', () => {
  const safari =
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15';
  for (const [touch, device, os] of [
    ['5', 'tablet', 'iOS'],
    ['1', 'desktop', 'macOS'],
    ['0', 'desktop', 'macOS'],
    ['x', 'desktop', 'macOS'],
    [null, 'desktop', 'macOS'],
  ] as const) {
    const client = clientOf(safari, clientHintsOf({}, touch));
    assert.deepEqual([client.device, client.os], [device, os], String(touch));
    assert.equal(client.os_version, os === 'iOS' ? '17.4' : undefined);
  }
  const windows =
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/131.0.0.0 Safari/537.36';
  const surface = clientOf(windows, clientHintsOf({ 'sec-ch-ua-platform': '"Windows"' }, '10'));
  assert.deepEqual([surface.device, surface.os], ['desktop', 'Windows']);
});

test('names that every object of JavaScript has are nobody’s', () => {
  const agent =
    'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/119.0.0.0 Mobile Safari/537.36';
  const plain = clientOf(agent);
  for (const name of ['__proto__', 'constructor', 'toString', 'valueOf']) {
    const hints = { formFactors: `"${name}"`, brands: `"${name}";v="1"`, platformVersion: `"${name}"` };
    assert.deepEqual(clientOf(agent, hints), plain, name);
    assert.deepEqual(clientOf(agent, undefined, name), plain, name);
    assert.equal(typeof (clientOf(name).bot_name ?? ''), 'string', name);
    assert.equal(typeof (clientOf(`Bot ${name}`).bot_name ?? ''), 'string', name);
  }
});

test('a robot with a word of a thousand letters is named by what is before it', () => {
  const { bot_name: name } = clientOf(`Mozilla/5.0 (iPhone; shelfcheck; ${'watch'.repeat(180)} bot (`);
  assert.equal(name, 'shelfcheck');
});

test('no user agent, however odd, stops the rules', () => {
  for (const agent of [
    '',
    ' ',
    'x'.repeat(1000),
    '('.repeat(1000),
    'Mozilla/5.0 ('.repeat(80),
    '\u0000\uD800',
    'a '.repeat(500),
  ]) {
    assert.equal(typeof clientOf(agent).bot, 'boolean');
  }
});
