import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startNginx, type NginxServer } from '../../services/nginx/server.ts';
import { seededRandom } from '../../src/base/index.ts';
import { openTestCollector } from '../../src/collect/collector.fixture.ts';

const main = join(import.meta.dirname, '../../src/cli/main.ts');
const rounds = 6;
const requestsEach = 200;

test('real logs of nginx, rotated by mv and USR1, arrive once although the agent is killed again and again', async (context) => {
  const folder = await mkdtemp(join(tmpdir(), 'octavo-nginx-'));
  const collector = await openTestCollector();
  const nginx = await startLoggingNginx(folder);
  const log = join(folder, 'access.log');
  await writeFile(join(folder, 'ship.yaml'), shipYaml(collector.url, folder));
  const random = seededRandom(6);
  let agent: ChildProcess | undefined;
  let [sent, kills] = [0, 0];
  try {
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
      const ended = once(agent, 'exit');
      agent.kill('SIGKILL');
      await ended;
      agent = undefined;
      kills += 1;
    }
    agent = startAgent(folder);
    for (let tries = 0; (await collector.stored()).length < sent && tries < 600; tries++) await sleep(100);
    const stored = await collector.stored();
    const titles = new Set(stored.map((event) => event.items?.[0]?.item_id));
    const { duplicates, failed } = collector.collector.status();
    context.diagnostic(
      `${sent} requests, ${rounds} rotations, ${kills} kills: ${stored.length} stored, ${titles.size} different, ` +
        `${duplicates} sent again and recognised, ${failed} failed`,
    );
    assert.deepEqual([stored.length, titles.size, failed], [sent, sent, 0]);
    assert.equal(stored[0]?.kind, 'view_item');
  } finally {
    agent?.kill('SIGKILL');
    await nginx.stop();
    await collector.close();
    await rm(folder, { recursive: true });
  }
});

/** As logrotate does: the file gets another name, nginx is told, and opens a new one. */
async function rotate(log: string, round: number, nginx: NginxServer): Promise<void> {
  await rename(log, `${log}.${round}`);
  process.kill(nginx.pid, 'SIGUSR1');
  for (let tries = 0; tries < 300; tries++) {
    if ((await readFile(log).catch(() => undefined)) !== undefined) return;
    await sleep(10);
  }
}

function startAgent(folder: string): ChildProcess {
  return spawn(process.execPath, [main, 'ship', '--config', 'ship.yaml'], {
    cwd: folder,
    stdio: 'ignore',
    env: { ...process.env, OCTAVO_SHIP_KEY: 'key' },
  });
}

function shipYaml(url: string, folder: string): string {
  return `name: nginx\nto: { url: '${url}/v1/events' }\nscan_seconds: 0.2\nsessions: { reorder_seconds: 0.1 }\ninputs: [{ files: '${folder}/access.log*' }]\n`;
}

/** An nginx whose access log is empty: what was asked until it answered is no traffic of the test. */
async function startLoggingNginx(folder: string): Promise<NginxServer> {
  const nginx = await startNginx({
    folder,
    http: (port) =>
      `access_log ${folder}/access.log combined; server { listen 127.0.0.1:${port}; location / { return 200 'ok'; } }`,
  });
  await rename(join(folder, 'access.log'), join(folder, 'ready.log'));
  process.kill(nginx.pid, 'SIGUSR1');
  while ((await readFile(join(folder, 'access.log')).catch(() => undefined)) === undefined) await sleep(10);
  return nginx;
}
