import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { endWithProcess } from '../../services/end-with-process.ts';
import { startNginx, type NginxServer } from '../../services/nginx/server.ts';
import { seededRandom } from '../../src/base/index.ts';
import { openTestCollector } from '../../src/collect/collector.fixture.ts';
import { until } from './until.ts';

const main = join(import.meta.dirname, '../../src/cli/main.ts');
const rounds = 6;
const requestsEach = 200;

test('real logs of nginx, rotated by mv and USR1, arrive once although the agent is killed again and again', async (context) => {
  await using opened = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'octavo-nginx-'));
  opened.defer(() => rm(folder, { recursive: true, force: true }));
  const collector = await openTestCollector();
  opened.defer(() => collector.close());
  const nginx = await startNginx({
    folder,
    http: (port) =>
      `access_log ${folder}/access.log combined; server { listen 127.0.0.1:${port}; location / { return 200 'ok'; } }`,
  });
  opened.defer(() => nginx.stop());
  const log = join(folder, 'access.log');
  await writeFile(join(folder, 'ship.yaml'), shipYaml(collector.url, folder));
  const random = seededRandom(6);
  let agent: ChildProcess | undefined;
  opened.defer(() => (agent === undefined ? undefined : ended(agent, 'SIGKILL')));
  let [sent, kills] = [0, 0];
  for (let round = 0; round < rounds; round++) {
    agent ??= startAgent(folder);
    for (let index = 0; index < requestsEach; index++, sent++) {
      const answer = await fetch(
        `http://127.0.0.1:${nginx.port}/books/${sent}?t=${encodeURIComponent('책"')}`,
      );
      await answer.arrayBuffer();
      if (index === requestsEach / 2) await rotate(log, round, nginx);
    }
    await sleep(random.below(2500));
    await ended(agent, 'SIGKILL');
    agent = undefined;
    kills += 1;
  }
  agent = startAgent(folder);
  await until(
    async () => (await collector.stored()).length >= sent,
    async () => `${(await collector.stored()).length} of ${sent} are stored`,
  );
  const stored = await collector.stored();
  const titles = new Set(stored.map((event) => event.items?.[0]?.item_id));
  const { duplicates, failed } = collector.collector.status();
  context.diagnostic(
    `${sent} requests, ${rounds} rotations, ${kills} kills: ${stored.length} stored, ${titles.size} different, ` +
      `${duplicates} sent again and recognised, ${failed} failed`,
  );
  assert.deepEqual([stored.length, titles.size, failed], [sent, sent, 0]);
  assert.equal(stored[0]?.kind, 'view_item');
});

/** As logrotate does: the file gets another name, nginx is told, and opens a new one. */
async function rotate(log: string, round: number, nginx: NginxServer): Promise<void> {
  await rename(log, `${log}.${round}`);
  process.kill(nginx.pid, 'SIGUSR1');
  await until(() => existsSync(log));
}

async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill(signal);
  await exit;
}

function startAgent(folder: string): ChildProcess {
  const child = spawn(process.execPath, [main, 'ship', '--config', 'ship.yaml'], {
    cwd: folder,
    stdio: 'ignore',
    env: { ...process.env, OCTAVO_SHIP_KEY: 'key' },
  });
  endWithProcess(child);
  return child;
}

function shipYaml(url: string, folder: string): string {
  return `name: nginx\nto: { url: '${url}/v1/events' }\nscan_seconds: 0.2\nsessions: { reorder_seconds: 0.1 }\ninputs: [{ files: '${folder}/access.log*' }]\n`;
}
