import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { registerModuleHook } from '../../src/cli/module-hook.ts';
import { callCommand, documentsOf, errorOf, runCommand, startCommand, type Running } from './run-command.ts';

registerModuleHook();

const root = await mkdtemp(join(tmpdir(), 'octavo-tail-'));
const shop = join(root, 'shop');
let key: string;

before(async () => {
  assert.equal((await callCommand(['init', shop])).code, 0);
  const made = await callCommand(['keys', 'create', 'app', '--scope', 'events:write', '--json'], shop);
  ({ key } = JSON.parse(made.out) as { key: string });
});
after(() => rm(root, { recursive: true }));

let serial = 0;
const eventOf = (kind: string): object => ({
  id: `0192f0c1-7e2a-7c3d-9a4b-${String((serial += 1)).padStart(12, '0')}`,
  kind,
  occurred_at: new Date().toISOString(),
  reader_id: 'reader-1',
  ...(kind === 'search' ? { properties: { search_term: '토지' } } : {}),
});

async function send(url: string, events: readonly object[]): Promise<void> {
  const response = await fetch(`${url}/v1/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}` },
    body: JSON.stringify({ events }),
  });
  assert.equal(response.status, 200);
}

/** Resolves when the command has printed so many lines. */
async function printed({ child, said, ended }: Running, lines: number): Promise<readonly string[]> {
  const all = (): readonly string[] => said().split('\n').slice(0, -1);
  const enough = new Promise<void>((done) => {
    const look = (): void => void (all().length >= lines && done());
    child.stdout.on('data', look);
    look();
  });
  await Promise.race([enough, ended]);
  return all();
}

for (const command of ['collect', 'start'] as const) {
  // Port 0: the running process says where it answers, the configuration cannot.
  test(`octavo events tail shows what comes to octavo ${command}`, async () => {
    const serving = startCommand([command, '--port', '0', '--json'], shop);
    await serving.line('{"ready":true');
    const { url } = JSON.parse(serving.said().split('\n', 1)[0] ?? '') as { url: string };
    const tails = [
      startCommand(['events', 'tail', '--kind', 'search', '--reader', 'reader-1', '--json'], shop),
      startCommand(['events', 'tail', '--failed'], shop),
    ] as const;
    try {
      await send(url, [eventOf('page_view'), eventOf('search'), { kind: 'broken' }]);
      const first = await printed(tails[0], 1);
      const before = await printed(tails[1], 1);
      // Both listen now; what comes from here on is told as it comes.
      await send(url, [eventOf('page_view'), eventOf('search'), { kind: 'broken' }]);
      const lines = await printed(tails[0], first.length + 1);
      for (const line of lines) {
        const told = JSON.parse(line) as { kind: string; source: string; event: { reader_id: string } };
        assert.deepEqual([told.kind, told.source, told.event.reader_id], ['search', 'app', 'reader-1']);
      }
      const refused = await printed(tails[1], before.length + 1);
      assert.ok(
        refused.every((line) => /REFUSED \/id/.test(line)),
        refused.join('\n'),
      );
      const once = await callCommand(['events', 'tail', '--once', '--kind', 'page_view'], shop);
      assert.match(once.out, /page_view/);
      if (command === 'collect') {
        const replay = await runCommand(['events', 'replay', '--set', '/id=x', '--json'], shop);
        assert.match(errorOf(replay).message, /octavo collect.*only collects/);
      }
      tails[0].child.kill('SIGINT');
      assert.equal((await tails[0].ended).code, 130);
    } finally {
      serving.child.kill('SIGTERM');
      await serving.ended;
      for (const { child } of tails) child.kill('SIGTERM');
    }
    const left = await tails[1].ended;
    assert.match(left.err, /watching http:[^]*has stopped/);
  });
}

test('nobody answers, or nobody runs: each is told', async () => {
  const away = await runCommand(
    ['events', 'tail', '--url', 'http://127.0.0.1:9', '--key', key, '--json'],
    shop,
  );
  assert.match(errorOf(away).message, /nobody answers at http:\/\/127\.0\.0\.1:9/);
  const alone = await runCommand(['events', 'tail', '--kind', 'search'], shop);
  assert.equal(alone.code, 0, alone.err);
  assert.match(alone.err, /nobody collects/);
  assert.equal(documentsOf(away).length, 1);
});
