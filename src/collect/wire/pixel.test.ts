import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openTestCollector } from '../collector.fixture.ts';
import { pixelAddress } from './pixel.ts';

test('a picture in a mail is an event: once with an id, every time without', async () => {
  const collector = await openTestCollector({
    authorize: (key) =>
      key === 'mail-key' ? { source: 'mail', origins: ['https://book.example'] } : undefined,
  });
  try {
    const named = {
      key: 'mail-key',
      id: 'spring-2026/r1',
      reader: 'r1',
      campaign: '봄 세일',
      url: 'https://book.example/?utm_medium=email',
    };
    for (const parameters of [
      named,
      named,
      { ...named, kind: 'mail_click' },
      { key: 'mail-key', item: 'b1' },
    ]) {
      const answer = await fetch(pixelAddress(collector.url, parameters));
      assert.deepEqual([answer.status, answer.headers.get('content-type')], [200, 'image/gif']);
      assert.match(answer.headers.get('cache-control') ?? '', /no-store/);
    }
    const stored = await collector.stored();
    assert.deepEqual(
      stored.map(({ kind, reader_id: reader, properties, items, referrer }) => [
        kind,
        reader,
        properties,
        items,
        referrer?.class,
      ]),
      [
        ['mail_open', 'r1', { campaign: '봄 세일' }, undefined, 'mail'],
        ['mail_click', 'r1', { campaign: '봄 세일' }, undefined, 'mail'],
        ['mail_open', undefined, {}, [{ item_id: 'b1' }], undefined],
      ],
    );
    assert.equal(collector.collector.status().duplicates, 1);
    const unknown = await fetch(pixelAddress(collector.url, { key: 'other' }));
    assert.deepEqual([unknown.status, unknown.headers.get('content-type')], [401, 'image/gif']);
    const wrong = await fetch(pixelAddress(collector.url, { key: 'mail-key', kind: 'NO KIND' }));
    assert.deepEqual([wrong.status, (await collector.failed()).length], [200, 1]);
  } finally {
    await collector.close();
  }
});

test('with a secret only signed addresses are taken, but for the keys that need none', async () => {
  const secret = 'a secret of the store';
  const collector = await openTestCollector({
    authorize: (key) => ({ source: key }),
    pixel: { secret, unsignedKeys: ['partner'] },
  });
  try {
    const parameters = { key: 'mail', reader: 'r1', id: '한 통' };
    const signed = pixelAddress(collector.url, parameters, secret);
    const statuses: number[] = [];
    for (const address of [
      signed,
      `${collector.url}/p.gif?${[...new URL(signed).searchParams]
        .toReversed()
        .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
        .join('&')}`,
      signed.replace('reader=r1', 'reader=r2'),
      `${signed}&more=1`,
      pixelAddress(collector.url, parameters, 'another secret'),
      pixelAddress(collector.url, parameters),
      pixelAddress(collector.url, { ...parameters, key: 'partner' }),
    ]) {
      statuses.push((await fetch(address)).status);
    }
    assert.deepEqual(statuses, [200, 200, 403, 403, 403, 403, 200]);
    assert.deepEqual(
      (await collector.stored()).map(({ source, reader_id: reader }) => [source, reader]),
      [
        ['mail', 'r1'],
        ['partner', 'r1'],
      ],
    );
  } finally {
    await collector.close();
  }
});
