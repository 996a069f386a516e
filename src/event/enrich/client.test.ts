import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { botOf, clientHintsOf, clientOf } from './index.ts';

const webkit = 'AppleWebKit/537.36 (KHTML, like Gecko)';

const lines = (file: string): readonly (readonly string[])[] =>
  readFileSync(join(import.meta.dirname, file), 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(' | '));

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
    return [client.device, ...names, agent, ...(client.bot ? [client.bot_name] : [])];
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
  const phone = clientHintsOf({
    'sec-ch-ua': '"Samsung Internet";v="25.0", "Chromium";v="121"',
    'sec-ch-ua-mobile': '?1',
    'sec-ch-ua-platform': '"Android"',
    'sec-ch-ua-platform-version': '"14.0.0"',
  });
  // Asked for the desktop's page, its user agent calls itself Linux.
  const desk = clientOf(
    `Mozilla/5.0 (X11; Linux x86_64) ${webkit} SamsungBrowser/25.0 Chrome/121.0.0.0 Safari/537.36`,
    phone,
  );
  assert.deepEqual(
    [desk.device, desk.os, desk.os_version, desk.browser],
    ['mobile', 'Android', '14', 'Samsung Internet'],
  );
  const tablet = clientOf(agent, { formFactors: '"Tablet"', platform: '"Android"' });
  assert.deepEqual([tablet.device, tablet.os], ['tablet', 'Android']);
  const eink = clientOf(agent, { formFactors: '"EInk"' });
  assert.equal(eink.device, 'ereader');
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
