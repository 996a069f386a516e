import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileStorage, systemClock } from '../base/index.ts';
import { createCollector, createCollectServer, httpLimits, openJournal } from '../collect/index.ts';
import { trackerOf } from './routes/tracker.ts';

test('a collector that runs alone serves the script and takes what it sends', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'octavo-collect-tracker-'));
  await writeFile(join(folder, 'o.js'), 'the script');
  const files = { '/o.js': { bytes: 10, encodings: [] } };
  await writeFile(join(folder, 'tracker.json'), JSON.stringify({ source: 'one', files }));
  const open = (name: string) =>
    openJournal({ directory: join(folder, name), storage: fileStorage(), partitions: 1 });
  const [events, failed] = [await open('events'), await open('failed')];
  const collector = await createCollector({
    events,
    failed,
    clock: systemClock,
    authorize: (key) => (key === 'web' ? { source: 'web' } : undefined),
  });
  const server = await createCollectServer({
    collector,
    limits: httpLimits,
    host: '127.0.0.1',
    port: 0,
    version: 'test',
    tracker: trackerOf({ path: '/shelf', script: 'shelf.js', send: 'note', folder }),
  });
  try {
    assert.equal(await (await fetch(`${server.url}/shelf/shelf.js`)).text(), 'the script');
    assert.equal((await fetch(`${server.url}/shelf/shelf.js`, { method: 'HEAD' })).status, 200);
    assert.equal((await fetch(`${server.url}/shelf/other.js`)).status, 404);
    const id = '0191b1c2-0000-7000-8000-000000000001';
    const event = {
      id,
      kind: 'page_view',
      occurred_at: new Date().toISOString(),
      page: { url: 'https://a.b/' },
    };
    const body = JSON.stringify({ sent_at: new Date().toISOString(), events: [event] });
    const sent = await fetch(`${server.url}/shelf/note?key=web`, { method: 'POST', body });
    assert.equal(sent.status, 200, await sent.text());
    assert.equal(await events.end(0), 1);
  } finally {
    await server.close(1000);
    await Promise.all([events.close(), failed.close()]);
    await rm(folder, { recursive: true });
  }
});
