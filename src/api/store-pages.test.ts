import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openTestShop } from './test-shop.ts';

const place = { path: '/shelf', script: 'shelf.js', send: 'note' };

test('the store’s page is filled in and bound to its own host; only its files are read', async (t) => {
  const root = await mkdtemp(join(tmpdir(), 'octavo-store-'));
  const folder = join(root, 'pages');
  await mkdir(folder);
  await writeFile(join(root, 'secret.js'), 'secret');
  const shop = await openTestShop({
    tracker: { ...place, folder },
    storePages: { folder, key: () => 'ocb_key' },
  });
  t.after(async () => {
    await shop.close();
    await rm(root, { recursive: true });
  });
  await writeFile(
    join(folder, 'index.html'),
    '<script src="{{script}}" data-url="{{send}}" data-key="{{key}}">{{else}}',
  );
  await writeFile(join(folder, 'store.css'), 'p {}');
  const get = (url: string) => shop.server.inject({ url });
  assert.deepEqual(
    [(await get('/store')).statusCode, (await get('/store')).headers.location],
    [302, '/store/'],
  );
  for (const url of ['/store/', '/store/?a=b', '/store/titles/t1']) {
    const { statusCode, body, headers } = await get(url);
    assert.deepEqual(
      [statusCode, body],
      [200, '<script src="/shelf/shelf.js" data-url="/shelf/note" data-key="ocb_key">{{else}}'],
    );
    assert.match(
      String(headers['content-security-policy']),
      /^default-src 'none'; script-src 'self'; style-src 'self'/,
    );
  }
  assert.deepEqual(
    [(await get('/store/store.css')).body, (await get('/store/store.css')).headers['content-type']],
    ['p {}', 'text/css; charset=utf-8'],
  );
  for (const url of [
    '/store/index.html',
    '/store/none.js',
    '/store/..%2Fsecret.js',
    '/store/%2e%2e/secret.js',
    '/store/.env',
  ])
    assert.equal((await get(url)).statusCode, 404, url);
});

test('without pages there is no store', async (t) => {
  const shop = await openTestShop({ tracker: { ...place, folder: tmpdir() } });
  t.after(() => shop.close());
  assert.equal((await shop.server.inject({ url: '/store/' })).statusCode, 404);
});
