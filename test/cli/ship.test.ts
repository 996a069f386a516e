import assert from 'node:assert/strict';
import { appendFile, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { gzipSync } from 'node:zlib';
import { openTestCollector } from '../../src/collect/collector.fixture.ts';
import { inFolder } from '../../src/collect/agent/ship.fixture.ts';
import { hasCode, lockFolder } from '../../src/base/index.ts';
import { freePort } from '../../services/free-port.ts';
import { callCommand, documentsOf, runCommand, startCommand } from './run-command.ts';

const line = (number: number): string =>
  `203.0.113.9 - - [01/Mar/2026:10:00:00 +0900] "GET /books/t${number} HTTP/1.1" 200 5 "-" "Mozilla/5.0"\n`;

/** Runs with a folder and a collector that knows the key `right`. */
async function inWorld(
  run: (folder: string, collector: Awaited<ReturnType<typeof openTestCollector>>) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'octavo-ship-cli-'));
  const collector = await openTestCollector({
    authorize: (key) => (key === 'right' ? { source: 'web' } : undefined),
  });
  try {
    await writeFile(join(folder, 'key'), 'right\n');
    await run(folder, collector);
  } finally {
    await collector.close();
    await rm(folder, { recursive: true });
  }
}

test('the help of octavo ship teaches it, and what is wrong in a configuration is told with file and line', () =>
  inWorld(async (folder) => {
    const help = (await runCommand(['ship', '--help'])).out;
    for (const word of [
      '--once',
      '--dry-run',
      'check',
      'status',
      'octavo ship check --config ship.yaml',
      '.gz',
    ])
      assert.ok(help.includes(word), word);
    const file = join(folder, 'ship.yaml');
    const told = async (yaml: string): Promise<string> => {
      await writeFile(file, `to: { url: 'http://127.0.0.1/v1/events' }\ninputs:\n  - files: a\n${yaml}`);
      return await callCommand(['ship', '--config', file, '--dry-run']).then(
        () => 'nothing',
        (error: unknown) => (hasCode(error, 'ship_config_invalid') ? error.about : String(error)),
      );
    };
    assert.match(
      await told('    formt: json\n'),
      /ship\.yaml:4: unknown key 'inputs\.0\.formt', did you mean 'format'/,
    );
    assert.match(
      await told('    format: regex\n    pattern: "(?<time>"\n'),
      /ship\.yaml:5: .*missing closing/,
    );
    assert.match(await told('    timezone: Asia/Soul\n'), /ship\.yaml:4: .*'Asia\/Soul' is not known/);
    assert.match(await told('    multiline:\n      begins: "["\n'), /ship\.yaml:5: /);
    const routes = '    routes:\n      - { path: /a, kind: x }\n      - { path: /b, kind: y, item: ":id" }\n';
    assert.match(await told(routes), /ship\.yaml:6: .*\/b has no part ':id'/);
    assert.match(await told('    time: "%Q"\n'), /ship\.yaml:4: .*'%Q'/);
    assert.equal(await told('    format: json\n'), 'nothing');
  }));

test('octavo ship check says what it finds, and what would not work', () =>
  inWorld(async (folder, { url }) => {
    await writeFile(join(folder, 'a.log'), `${line(1)}${line(2)}nonsense\n`);
    await writeFile(join(folder, 'b.log'), 'nothing\nof this\n');
    const check = async (key: string, files: string): Promise<readonly unknown[]> => {
      const config = join(folder, 'ship.yaml');
      await writeFile(join(folder, 'key'), key);
      await writeFile(
        config,
        `to: { url: '${url}/v1/events', key_file: '${folder}/key' }\ninputs: [{ files: '${folder}/${files}' }]\n`,
      );
      const ended = await callCommand(['ship', 'check', '--config', config, '--json']);
      const rows = documentsOf(ended)[0]?.['rows'] as readonly {
        readonly ok: boolean;
        readonly finding: string;
      }[];
      return [ended.code, ...rows.map(({ ok, finding }) => `${ok} ${finding}`)];
    };
    const [code, first = '', state = '', target = ''] = await check('right', 'a.log');
    assert.deepEqual([code, target], [0, 'true the collector answers, and takes events with this key']);
    assert.match(String(state), /^true the state can be written; its folder is made in /);
    assert.match(String(first), /^true 2 view_item, 1 failed, first .* at byte 188: 'nonsense'$/);
    const [wrong, second, , refused] = await check('wrong', 'b.log');
    assert.equal(wrong, 1);
    assert.match(String(second), /^false 2 failed/);
    assert.match(String(refused), /^false the collector refuses the log agent/);
    assert.match(String((await check('right', 'c*.log'))[1]), /^false no file has such a name now/);
  }));

test('octavo ship check tries the journal and the brokers, and keeps nothing', () =>
  inFolder(async (folder) => {
    await writeFile(join(folder, 'a.log'), line(1));
    const check = async (to: string, state = 'state'): Promise<readonly string[]> => {
      const config = join(folder, 'ship.yaml');
      const inputs = `inputs: [{ files: '${folder}/a.log' }]`;
      await writeFile(config, `to: ${to}\nstate: ${folder}/${state}\n${inputs}\n`);
      const ended = await callCommand(['ship', 'check', '--config', config, '--json']);
      const rows = documentsOf(ended)[0]?.['rows'] as readonly Readonly<Record<string, unknown>>[];
      return rows.slice(1).map(({ ok, finding }) => `${ended.code} ${String(ok)} ${String(finding)}`);
    };
    const journal = `{ journal: ${folder}/log }`;
    const made = `; its folder is made in ${folder}`;
    assert.deepEqual(await check(journal), [
      `0 true the state can be written${made}`,
      `0 true the journal can be written${made}`,
    ]);
    assert.deepEqual((await readdir(folder)).toSorted(), ['a.log', 'ship.yaml']);
    const [state = ''] = await check(journal, 'a.log/state');
    assert.match(state, /^1 false .*a\.log/);
    await mkdir(join(folder, 'log', 'events'), { recursive: true });
    const lock = lockFolder(join(folder, 'log', 'events', 'lock.db'), { pid: 4711, command: 'event log' });
    try {
      assert.match((await check(journal))[1] ?? '', /^1 false process 4711 writes into this journal/);
    } finally {
      lock.release();
    }
    const port = await freePort();
    const brokers = await check(`{ kafka: { brokers: '127.0.0.1:${port}' } }`);
    assert.equal(brokers.length, 3);
    for (const one of brokers.slice(1)) assert.match(one, /^1 false .*127\.0\.0\.1/);
  }));

test('an agent tells the lag of each file at /metrics and in its status, and takes out files that are no more', () =>
  inWorld(async (folder, { url, stored }) => {
    const [a, b] = [join(folder, 'a.log'), join(folder, 'b.log')];
    await writeFile(a, line(0) + line(1));
    await writeFile(b, line(2));
    const config = join(folder, 'ship.yaml');
    const settings = 'scan_seconds: 0.1\nidle_close_minutes: 0\nmetrics: { port: 0 }\n';
    await writeFile(
      config,
      `to: { url: '${url}/v1/events', key_file: '${folder}/key' }\n${settings}inputs: [{ files: '${folder}/*.log' }]\n`,
    );
    /** Runs an agent with a key; gives what it says at its end. */
    const following = async (key: string, run: (until: Until) => Promise<void>): Promise<string> => {
      await writeFile(join(folder, 'key'), key);
      const agent = startCommand(['ship', '--config', config, '--json'], folder);
      try {
        await agent.line('{"ready":true');
        const { metrics } = JSON.parse(agent.said().split('\n', 1)[0] ?? '') as { readonly metrics: string };
        await run((wanted) => lagsBecome(metrics, wanted));
        agent.child.kill('SIGTERM');
        return (await agent.ended).out;
      } finally {
        agent.child.kill('SIGKILL');
      }
    };
    const refused = await following('wrong', async (until) => {
      await until({ [a]: (line(0) + line(1)).length, [b]: line(2).length });
    });
    assert.match(refused, /"lines":3,.*"accepted":0/);
    const taken = await following('right', async (until) => {
      await appendFile(b, line(3));
      await until({ [a]: 0, [b]: 0 });
      await rm(b);
      await until({ [a]: 0 });
    });
    assert.match(taken, /"accepted":4,"duplicates":0,"failed":0,"troubles":\[\]/);
    assert.equal((await stored()).length, 4);
    const status = await callCommand(['ship', 'status', '--state', join(folder, 'octavo-ship'), '--json']);
    const rows = documentsOf(status)[0]?.['rows'] as readonly Readonly<Record<string, unknown>>[];
    assert.deepEqual(
      rows.map((row) => [row['file'], row['lagBytes'], row['state']]),
      [
        [a, 0, 'current'],
        [b, null, 'gone'],
      ],
    );
  }));

type Until = (wanted: Readonly<Record<string, number>>) => Promise<void>;

/** Waits until the lag of each file at an address is this. */
async function lagsBecome(metrics: string, wanted: Readonly<Record<string, number>>): Promise<void> {
  const lags = async (): Promise<Readonly<Record<string, number>>> => {
    const text = await (await fetch(metrics)).text();
    const found = text.matchAll(/^octavo_collect_ship_lag_bytes\{file="([^"]+)"\} (\d+)$/gm);
    return Object.fromEntries([...found].map(([, file, bytes]) => [file, Number(bytes)]));
  };
  for (let tries = 0; tries < 1200 && !isDeepStrictEqual(await lags(), wanted); tries++) await sleep(50);
  assert.deepEqual(await lags(), wanted);
}

test('one-off work that could not read everything says so and ends with an error', () =>
  inWorld(async (folder, { url, stored }) => {
    const whole = gzipSync(Array.from({ length: 500 }, (_, number) => line(number)).join(''));
    await writeFile(join(folder, 'a.log.gz'), whole.subarray(0, whole.length - 12));
    const args = ['ship', 'a.log.gz', '--to', `${url}/v1/events`, '--key-file', 'key', '--once'];
    const { code, err, out } = await runCommand(args, folder);
    assert.notEqual(code, 0);
    assert.match(err, /not everything in the log files could be read: .*a\.log\.gz beyond byte \d+/);
    assert.match(out, /\d{3} events accepted/);
    assert.ok((await stored()).length > 400);
  }));
