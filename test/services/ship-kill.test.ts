import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, rename, rm, writeFile, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom } from '../../src/base/index.ts';
import { openTestCollector } from '../../src/collect/collector.fixture.ts';
import { shipLines } from '../../src/collect/agent/ship.fixture.ts';
import { HoldingProxy } from './holding-proxy.ts';

const main = join(import.meta.dirname, '../../src/cli/main.ts');
const kills = 12;
const linesEach = 1500;

/*
 * The agent's process is killed while requests of it are under way: before the collector has one, while it stores it, and after it
 * has stored it and before the answer is there.
 */
test('an agent that is killed with requests under way, again and again, loses and doubles nothing', async (context) => {
  const folder = await mkdtemp(join(tmpdir(), 'octavo-ship-kill-'));
  const collector = await openTestCollector();
  const random = seededRandom(12);
  const proxy = new HoldingProxy(collector.port, random);
  const url = await proxy.listen();
  const log = join(folder, 'access.log');
  await writeFile(
    join(folder, 'ship.yaml'),
    `name: k\nto: { url: '${url}/v1/events' }\nscan_seconds: 0.1\nsessions: { reorder_seconds: 0.1 }\ninputs: [{ files: '${folder}/access.log*' }]\n`,
  );
  let agent: ChildProcess | undefined;
  let written = 0;
  const outcomes = { before: 0, inside: 0, answered: 0 };
  try {
    for (let round = 0; round < kills; round++) {
      const place = (['before', 'inside', 'answered'] as const)[round % 3] ?? 'before';
      proxy.holdAt(place, random.below(4));
      agent = startAgent(folder);
      // Lines come while it works, and the log is rotated under it.
      await appendFile(log, shipLines(written, (written += linesEach)));
      if (round % 4 === 3) await rename(log, `${log}.${round}`);
      await proxy.held();
      assert.ok(proxy.underWay > 0);
      const ended = once(agent, 'exit');
      agent.kill('SIGKILL');
      await ended;
      agent = undefined;
      outcomes[place] += 1;
      await proxy.release();
    }
    agent = startAgent(folder);
    for (let tries = 0; tries < 1200 && (await countOf(collector)) < written; tries++) await sleep(100);
    // What is sent again may come after the last line.
    await sleep(500);
    const stored = await collector.stored();
    const titles = new Set(stored.map((event) => event.items?.[0]?.item_id));
    const { duplicates, failed } = collector.collector.status();
    context.diagnostic(
      `${written} lines written, ${kills} kills with a request under way (${outcomes.before} before the collector had it, ` +
        `${outcomes.inside} while it stored it, ${outcomes.answered} with the answer on the way), ` +
        `${proxy.requests} requests, ${duplicates} events sent twice and recognised, ${stored.length} stored, ` +
        `${written - titles.size} lost, ${stored.length - titles.size} doubled, ${failed} failed`,
    );
    assert.deepEqual([titles.size, stored.length, failed], [written, written, 0]);
    assert.ok(duplicates > 0);
  } finally {
    agent?.kill('SIGKILL');
    proxy.close();
    await collector.close();
    await rm(folder, { recursive: true });
  }
});

/*
 * A record of several lines is whole by its timeout, and is on its way when the process is killed; then its writer goes on with it.
 * What was sent must stay the record, or one id would be two things.
 */
test('a record that was whole by its timeout stays so when the agent is killed while it is sent', async (context) => {
  const folder = await mkdtemp(join(tmpdir(), 'octavo-ship-records-'));
  const collector = await openTestCollector();
  const proxy = new HoldingProxy(collector.port, seededRandom(13));
  const url = await proxy.listen();
  const log = join(folder, 'app.log');
  const format = String.raw`format: regex, pattern: '^(?<time>\S+) (?<message>(?s:.*))$', keep: [message], kind: app_error`;
  const multiline = String.raw`multiline: { begins: '^\d{4}-', timeout_seconds: 0.3 }`;
  await writeFile(
    join(folder, 'ship.yaml'),
    `name: k\nto: { url: '${url}/v1/events' }\nscan_seconds: 0.1\nsessions: false\ninputs: [{ files: '${log}', ${format}, ${multiline} }]\n`,
  );
  let agent = startAgent(folder);
  const records = 6;
  const kept = async (count: number): Promise<void> => {
    for (let tries = 0; tries < 600 && (await collector.failed()).length < count; tries++) await sleep(100);
  };
  try {
    for (let record = 0; record < records; record++) {
      proxy.holdAt((['before', 'inside', 'answered'] as const)[record % 3] ?? 'before', 0);
      await appendFile(log, `2026-03-01T00:00:0${record}Z record ${record}\n  at one\n`);
      await proxy.held();
      assert.ok(proxy.underWay > 0);
      const ended = once(agent, 'exit');
      agent.kill('SIGKILL');
      await ended;
      await appendFile(log, '  at two, late\n');
      await proxy.release();
      agent = startAgent(folder);
      await kept(record + 1);
    }
    const messages = (await collector.stored()).map((event) => String(event.properties?.['message']));
    const { duplicates, failed } = collector.collector.status();
    context.diagnostic(
      `${records} records and kills: ${messages.length} stored, ${new Set(messages).size} different, ` +
        `${duplicates} sent twice and recognised, ${failed} late lines kept as failed`,
    );
    const expected = Array.from({ length: records }, (_, record) => `record ${record}\n  at one`);
    assert.deepEqual([messages.toSorted(), failed], [expected, records]);
    assert.ok(duplicates > 0);
  } finally {
    agent.kill('SIGKILL');
    proxy.close();
    await collector.close();
    await rm(folder, { recursive: true });
  }
});

async function countOf(collector: Awaited<ReturnType<typeof openTestCollector>>): Promise<number> {
  return await collector.logs.events.end(0);
}

function startAgent(folder: string): ChildProcess {
  return spawn(process.execPath, [main, 'ship', '--config', 'ship.yaml'], {
    cwd: folder,
    stdio: 'ignore',
    env: { ...process.env, OCTAVO_SHIP_KEY: 'key' },
  });
}
