import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { runCommand, startCommand } from './run-command.ts';

test('a collector takes events alone, and what it refused is mended and stored once', async () => {
  const root = await mkdtemp(join(tmpdir(), 'octavo-events-'));
  const shop = join(root, 'shop');
  try {
    assert.equal((await runCommand(['init', shop])).code, 0);
    const made = await runCommand(['keys', 'create', 'app', '--scope', 'events:write', '--json'], shop);
    const { key } = JSON.parse(made.out) as { key: string };
    const collecting = startCommand(['collect', '--port', '0', '--json'], shop);
    let ready = '';
    collecting.child.stdout.on('data', (text: string) => (ready += text));
    await collecting.line('{"ready":true');
    const { url } = JSON.parse(ready.split('\n', 1)[0] ?? '') as { url: string };
    const response = await fetch(`${url}/v1/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}` },
      body: JSON.stringify({ kind: 'Page_View', occurred_at: new Date().toISOString() }),
    });
    assert.equal(response.status, 200);
    collecting.child.kill('SIGTERM');
    assert.match(
      (await collecting.ended).out,
      /"stopped":true,"received":1,"stored":0,"duplicates":0,"failed":1/,
    );
    const mend = ['events', 'replay', '--set', '/kind=page_view', '--json'];
    const replayed = await runCommand(mend, shop);
    assert.match(replayed.out, /"accepted": ?1/, replayed.err);
    assert.match((await runCommand(mend, shop)).out, /"selected": ?0/);
    const raw = await runCommand(['events', 'failed', '--raw', '--resolved'], shop);
    assert.match(raw.out, /"place":"0-0".*"resolved":true/);
  } finally {
    await rm(root, { recursive: true });
  }
});
