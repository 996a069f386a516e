import assert from 'node:assert/strict';
import { appendFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { runGoals } from '../../src/batch/index.ts';
import { systemClock, type Clock } from '../../src/base/index.ts';
import { deliverDue, openDeliverer } from '../../src/cli/deliveries.ts';
import { registerModuleHook } from '../../src/cli/module-hook.ts';
import { openPlatform, type Platform } from '../../src/cli/platform.ts';
import { runnerOf } from '../../src/cli/run-plan.ts';
import type { Deliverer } from '../../src/statistics/index.ts';
import { makeShop, type TestShop } from '../line/shop.ts';

/** A morning's page and alerts on their way to a webhook, over a project whose numbers were counted by the batch. */
registerModuleHook();
let folder = '';
let shop: TestShop;
let platform: Platform;
let deliverer: Deliverer;
let nowMs = 0;
/** The test moves it; meanwhile it goes on, for a task that is tried again waits. */
const clock: Clock = { now: () => Math.floor(nowMs + performance.now()), sleep: systemClock.sleep };
let receiver: Server;
const taken: { readonly id: string; readonly body: Record<string, unknown> }[] = [];
let refuse = 0;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'octavo-deliver-'));
  shop = await makeShop(folder, { until: '2026-11-10', days: 2, scale: 0.05 });
  receiver = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (part: string) => {
      body += part;
    });
    request.on('end', () => {
      if (refuse > 0) {
        refuse -= 1;
        response.writeHead(503).end();
        return;
      }
      taken.push({
        id: String(request.headers['webhook-id']),
        body: JSON.parse(body) as Record<string, unknown>,
      });
      response.writeHead(200).end();
    });
  });
  await new Promise<void>((listening) => receiver.listen(0, '127.0.0.1', listening));
  await project();
  nowMs = shop.calendar.intervalOf('2026-11-10').endMs + 3_600_000;
  platform = await openPlatform({
    projectDirectory: shop.project,
    dataDirectory: join(folder, 'data'),
    environment: {
      HOOK: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`,
      OCTAVO_LOG_LEVEL: 'error',
    },
    workingDirectory: shop.project,
    json: true,
    own: true,
    world: { clock },
  });
  deliverer = openDeliverer(platform);
  const daily = platform.registry.tasks.filter(({ name }) => name.startsWith('statistics:'));
  await run(daily.map(({ name }) => ({ task: name, parameters: { day: '2026-11-09' } })));
});
after(async () => {
  await platform.close();
  receiver.close();
  receiver.closeAllConnections();
  await rm(folder, { recursive: true });
});

const page = `---
title: { ko: 아침, en: Morning }
---

<!-- ko -->

{{ day }} 매출 **{{ sales }}**

<!-- all -->

\`\`\`numbers
numbers:
  - { metric: sales }
\`\`\`

\`\`\`line
title: { ko: 매출, en: Sales }
metric: sales
\`\`\`

\`\`\`table
query: none
\`\`\`
`;

async function project(): Promise<void> {
  const { project: root } = shop;
  await mkdir(join(root, 'pages'));
  await mkdir(join(root, 'alerts'));
  await mkdir(join(root, 'deliveries'));
  await writeFile(join(root, 'pages', 'morning.md'), page);
  await writeFile(
    join(root, 'alerts', 'all.yaml'),
    `alerts:
  - { id: low, title: { ko: 낮은 매출, en: Low sales }, metric: sales, when: { below: 1000000000 }, to: [team] }
  - { id: fine, title: Fine, metric: sales, when: { above: 1000000000 }, to: [team] }
`,
  );
  await writeFile(
    join(root, 'deliveries', 'all.yaml'),
    'deliveries:\n  - { id: morning, page: morning, every: day, to: [team] }\n',
  );
  const config = join(root, 'octavo.config.ts');
  const text = await readFile(config, 'utf8');
  await writeFile(
    config,
    text.replace('sources:', "channels: { team: { type: 'webhook', url: { env: 'HOOK' } } },\n  sources:"),
  );
  await appendFile(join(root, 'pages', 'morning.md'), '\n<b>no HTML</b>\n');
}

async function run(goals: Parameters<typeof runGoals>[1]): Promise<void> {
  const result = await runGoals({ ...runnerOf(platform), registry: platform.registry }, goals);
  assert.deepEqual(result.failed, []);
}

test('before the promised time nothing is sent of a day that is not counted; after it, that it is missing', async () => {
  assert.deepEqual(await deliverDue(platform, deliverer), []);
  nowMs += 4 * 3_600_000;
  const sent = await deliverDue(platform, deliverer);
  assert.deepEqual(
    sent.map(({ task }) => task),
    ['alerts:team'],
  );
  const [message] = taken.splice(0);
  assert.match(String(message?.body['text']), /낮은 매출: 약속한 시각까지 집계되지 않았습니다/);
});

test('a day that is counted is sent once, page and digest, and its numbers are those of the store', async () => {
  const daily = platform.registry.tasks.filter(({ name }) => name.startsWith('statistics:'));
  await run(daily.map(({ name }) => ({ task: name, parameters: { day: '2026-11-10' } })));
  refuse = 1;
  const sent = await deliverDue(platform, deliverer);
  assert.deepEqual(
    sent.map(({ task }) => task),
    ['deliver:morning/team'],
    'the digest of the day was sent already',
  );
  const [page] = taken.splice(0);
  const metric = platform.project.metrics.get('sales');
  assert.ok(metric !== undefined);
  const edition = await platform.store.current('statistic', 'daily', '2026-11-10');
  const part = await platform.store.read(edition?.id ?? '', 'sales/total', { from: 0, limit: 1 });
  const value = Number((part?.entries[0]?.body as { readonly value: string } | undefined)?.value);
  assert.ok(value > 0);
  const html = String(page?.body['html']);
  assert.ok(html.includes(value.toLocaleString('ko-KR')), html);
  assert.ok(!html.includes('<b>no HTML</b>'));
  assert.match(html, /이 부분은 계산하지 못했습니다/, 'the broken block is told of, the rest is there');
  assert.deepEqual(await deliverDue(platform, deliverer), []);
  assert.deepEqual(taken, []);
});

test('the digest says what fires and how many rules are quiet', async () => {
  const findings = await deliverer.findings('2026-11-10', false);
  assert.deepEqual(
    findings.map(({ state, reason }) => [state, reason]),
    [
      ['firing', 'below'],
      ['quiet', undefined],
    ],
  );
  const message = deliverer.digestMessage('team', findings, '2026-11-10');
  assert.match(message?.subject ?? '', /경보 1건/);
  assert.match(message?.text ?? '', /이상 없는 규칙 1개/);
  assert.equal(deliverer.digestMessage('team', findings.slice(1), '2026-11-10'), undefined);
});
