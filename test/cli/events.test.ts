import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { registerModuleHook } from '../../src/cli/module-hook.ts';
import { callCommand, runCommand, startCommand } from './run-command.ts';

registerModuleHook();

test('a collector takes events alone, and what it refused is mended and stored once', async () => {
  const root = await mkdtemp(join(tmpdir(), 'octavo-events-'));
  const shop = join(root, 'shop');
  try {
    assert.equal((await callCommand(['init', shop])).code, 0);
    const made = await callCommand(['keys', 'create', 'app', '--scope', 'events:write', '--json'], shop);
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
    const raw = await callCommand(['events', 'failed', '--raw', '--resolved'], shop);
    assert.match(raw.out, /"place":"0-0".*"resolved":true/);
  } finally {
    await rm(root, { recursive: true });
  }
});

test('refused events are mended through octavo start by an expression and by a file, stored once, and counted anew', async () => {
  const root = await mkdtemp(join(tmpdir(), 'octavo-mend-'));
  const shop = join(root, 'shop');
  try {
    assert.equal((await callCommand(['init', shop])).code, 0);
    const scopes = ['events:write', 'status:read', 'tables:read'].flatMap((scope) => ['--scope', scope]);
    const made = await callCommand(['keys', 'create', 'app', ...scopes, '--json'], shop);
    const { key } = JSON.parse(made.out) as { key: string };
    const serving = startCommand(['start', '--port', '0', '--json'], shop);
    try {
      await serving.line('{"ready":true');
      const { url } = JSON.parse(serving.said().split('\n', 1)[0] ?? '') as { url: string };
      const headers = { authorization: `Bearer ${key}` };
      const idOf = (serial: number): string => `0192f0c1-7e2a-7c3d-9a4b-${String(serial).padStart(12, '0')}`;
      const occurred_at = new Date().toISOString();
      const events = [
        { id: idOf(1), kind: 'Page_View', occurred_at },
        { id: idOf(2), kind: 'Page_View', occurred_at },
        { id: idOf(3), kind: 'page_view', occurred_at: 'yesterday' },
        { id: idOf(4), kind: 'page_view', occurred_at },
      ];
      const taken = await fetch(`${url}/v1/events`, {
        method: 'POST',
        headers,
        body: JSON.stringify({ events }),
      });
      assert.match(await taken.text(), /"accepted":1,"duplicates":0,"failed":3/);
      const counts = async (): Promise<string> => {
        const answer = await fetch(`${url}/v1/events/failed?days=1`, { headers });
        const { reasons } = (await answer.json()) as {
          reasons: readonly { path: string; events: number; open: number }[];
        };
        return reasons.map(({ path, events: all, open }) => `${path} ${all} ${open}`).join();
      };
      const become = async (expected: string): Promise<void> => {
        // What is kept of an answer is kept for half a minute; a replay must not wait for that.
        const deadlineMs = performance.now() + 25_000;
        let said = await counts();
        while (said !== expected && performance.now() < deadlineMs) {
          await new Promise((done) => setTimeout(done, 200));
          said = await counts();
        }
        assert.equal(said, expected);
      };
      const rows = async (): Promise<string> =>
        (await fetch(`${url}/v1/events/failed/rows?days=1`, { headers })).text();
      while (((await rows()).match(/"place"/g)?.length ?? 0) < 3)
        await new Promise((done) => setTimeout(done, 200));
      assert.equal(await counts(), '/kind 2 2,/occurred_at 1 1');
      const mend = ['events', 'replay', '--path', '/kind', '--set', '/kind=page_view', '--json'];
      const tried = JSON.parse((await callCommand([...mend, '--dry-run'], shop)).out) as Counted;
      assert.deepEqual([tried.selected, tried.accepted], [2, 2]);
      const [one, other] = await Promise.all([runCommand(mend, shop), runCommand(mend, shop)]);
      const both = [one, other].map(({ out }) => JSON.parse(out) as Counted);
      assert.equal(
        both.reduce((sum, { accepted }) => sum + accepted, 0),
        2,
        'two at a time store each once',
      );
      await become('/kind 2 0,/occurred_at 1 1');
      const raw = await callCommand(['events', 'failed', '--path', '/occurred_at', '--raw'], shop);
      const file = join(root, 'wrong.ndjson');
      await writeFile(file, raw.out.replace('"yesterday"', JSON.stringify(occurred_at)));
      const edited = await runCommand(['events', 'replay', '--edited', file, '--json'], shop);
      assert.deepEqual((JSON.parse(edited.out) as Counted).accepted, 1, edited.out + edited.err);
      await become('/kind 2 0,/occurred_at 1 0');
      const again = await runCommand(['events', 'replay', '--edited', file, '--json'], shop);
      assert.equal((JSON.parse(again.out) as Counted).accepted, 0);
      const sql = 'select count(*) as events, count(distinct event_id) as ids from raw.events';
      const stored = await callCommand(['query', sql, '--json'], shop);
      assert.match(stored.out, /"events": ?"?4"?,\s*"ids": ?"?4"?/, stored.out + stored.err);
    } finally {
      serving.child.kill('SIGTERM');
      await serving.ended;
    }
  } finally {
    await rm(root, { recursive: true });
  }
});

interface Counted {
  readonly selected: number;
  readonly accepted: number;
}
