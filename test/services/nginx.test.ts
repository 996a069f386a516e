import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom } from '../../src/base/index.ts';
import { openTestCollector } from '../../src/collect/collector.fixture.ts';

const main = join(import.meta.dirname, '../../src/cli/main.ts');
const rounds = 6;
const requestsEach = 200;

test('real logs of nginx, rotated by mv and USR1, arrive once although the agent is killed again and again', async (context) => {
  const folder = await mkdtemp(join(tmpdir(), 'octavo-nginx-'));
  const collector = await openTestCollector();
  const port = await freePort();
  const nginx = await startNginx(folder, port);
  const log = join(folder, 'access.log');
  await writeFile(join(folder, 'ship.yaml'), shipYaml(collector.url, folder));
  const random = seededRandom(6);
  let agent: ChildProcess | undefined;
  let [sent, kills] = [0, 0];
  try {
    for (let round = 0; round < rounds; round++) {
      agent ??= startAgent(folder);
      for (let index = 0; index < requestsEach; index++, sent++) {
        const answer = await fetch(`http://127.0.0.1:${port}/books/${sent}?t=${encodeURIComponent('책"')}`);
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
    const ended = once(nginx, 'exit');
    nginx.kill('SIGTERM');
    await ended;
    await collector.close();
    await rm(folder, { recursive: true });
  }
});

/** As logrotate does: the file gets another name, nginx is told, and opens a new one. */
async function rotate(log: string, round: number, nginx: ChildProcess): Promise<void> {
  await rename(log, `${log}.${round}`);
  nginx.kill('SIGUSR1');
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

async function startNginx(folder: string, port: number): Promise<ChildProcess> {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${folder}/${name};`,
  );
  const server = `server { listen 127.0.0.1:${port}; location / { return 200 'ok'; } }`;
  const http = `http { access_log ${folder}/access.log combined; ${temporary.join(' ')} ${server} }`;
  // Its workers open a rotated log anew as themselves.
  const user = process.getuid?.() === 0 ? 'user root;' : '';
  const configuration = `daemon off; ${user} pid ${folder}/nginx.pid; error_log ${folder}/error.log; events {} ${http}\n`;
  await writeFile(join(folder, 'nginx.conf'), configuration);
  const child = spawn('nginx', ['-p', folder, '-c', join(folder, 'nginx.conf')], { stdio: 'ignore' });
  for (let tries = 0; tries < 300; tries++) {
    const answer = await fetch(`http://127.0.0.1:${port}/ready`).catch(() => undefined);
    if (answer !== undefined) break;
    await sleep(20);
  }
  // What was asked until it answered is no traffic of the test.
  await rename(join(folder, 'access.log'), join(folder, 'ready.log'));
  child.kill('SIGUSR1');
  while ((await readFile(join(folder, 'access.log')).catch(() => undefined)) === undefined) await sleep(10);
  return child;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
