import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { collectAddress } from './routes/tracker.ts';
import { openTestShop, type TestShop } from './test-shop.ts';

const place = { path: '/shelf', script: 'shelf.js', send: 'note' };
let folder: string;
let shop: TestShop;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'octavo-tracker-'));
  await write('o.js', 'the script');
  await write('o.js.gz', 'squeezed');
  await write('g.js', 'a tag');
  await index('one');
  shop = await openTestShop({ tracker: { ...place, folder } });
});
after(async () => {
  await shop.close();
  await rm(folder, { recursive: true });
});

const write = (name: string, text: string): Promise<void> => writeFile(join(folder, name), text);
const index = (source: string): Promise<void> =>
  write(
    'tracker.json',
    JSON.stringify({
      source,
      files: {
        '/o.js': { bytes: 10, encodings: ['gzip'] },
        '/g.js': { bytes: 5, encodings: [] },
        '/tracker.js': { bytes: 1, encodings: [] },
      },
    }),
  );
const get = (url: string, headers: Record<string, string> = {}) => shop.server.inject({ url, headers });

test('the script is served under its chosen name, compressed, for pages of every origin', async () => {
  const answer = await get('/shelf/shelf.js', { 'accept-encoding': 'gzip', origin: 'https://store.example' });
  assert.equal(answer.statusCode, 200);
  assert.equal(answer.body, 'squeezed');
  assert.equal(answer.headers['content-encoding'], 'gzip');
  assert.equal(answer.headers['content-type'], 'text/javascript; charset=utf-8');
  assert.equal(answer.headers['access-control-allow-origin'], '*');
  assert.match(String(answer.headers['cache-control']), /max-age=3600/);
  assert.equal((await get('/shelf/shelf.js')).body, 'the script');
  assert.equal((await get('/shelf/g.js')).body, 'a tag');
  for (const name of ['o.js', 'tracker.js', 'tracker.json', 'x.js', '..%2Fpackage.json'])
    assert.equal((await get(`/shelf/${name}`)).statusCode, 404, name);
});

test('a browser that has it is answered 304, until another one was built', async () => {
  const { etag = '' } = (await get('/shelf/shelf.js')).headers;
  const again = await get('/shelf/shelf.js', { 'if-none-match': etag });
  assert.deepEqual([again.statusCode, again.body], [304, '']);
  await write('o.js', 'a newer script');
  await index('two');
  assert.equal((await get('/shelf/shelf.js', { 'if-none-match': etag })).body, 'a newer script');
});

test('what the tracker sends reaches the collector under the chosen name', () => {
  const at = { ...place, folder: '' };
  assert.equal(collectAddress('/shelf/note?key=k', at), '/v1/events?key=k');
  assert.equal(collectAddress('/shelf/note', at), '/v1/events');
  for (const url of ['/shelf/notes', '/shelf/note/x', '/v1/events', undefined])
    assert.equal(collectAddress(url, at), undefined);
});
