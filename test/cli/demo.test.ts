import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { registerModuleHook } from '../../src/cli/module-hook.ts';
import { callCommand, documentsOf, errorOf, runCommand, startCommand, type Running } from './run-command.ts';

const folder = await mkdtemp(join(tmpdir(), 'octavo-cli-'));
const data = join(folder, 'data');
const place = ['--project', 'examples/bookstore', '--data', data];
const small = ['--days', '1', '--scale', '0.02', '--rate', '0', '--port', '0', '--json', '--data', data];
const steps = ['make', 'load', 'extract', 'seal', 'model', 'count', 'rank', 'recommend', 'publish'];
let demo: Running | undefined;

before(async () => {
  demo = startCommand(['demo', ...small]);
  await demo.line('{"ready"');
});

after(async () => {
  demo?.child.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

/** Every command that only reads, with the field that its answer must have. */
const readers: readonly (readonly [field: string, ...call: readonly string[]])[] = [
  ['holder', 'status'],
  ['attempts', 'status', '--task', 'seal(day=2026-01-01)'],
  ['rows', 'tables'],
  ['columns', 'tables', 'show', 'sale_lines'],
  ['rows', 'tables', 'snapshots', 'raw.events'],
  ['rows', 'tables', 'preview', 'raw.events', '--limit', '2'],
  ['rows', 'query', 'select kind, count(*) as n from raw.events group by kind'],
  ['rows', 'lists'],
  ['items', 'lists', 'show', 'monthly'],
  ['rows', 'lists', 'editions', 'daily'],
  ['rows', 'recommend'],
  ['rows', 'metrics'],
  ['rows', 'metrics', 'sales', '--by', 'device'],
  ['sql', 'metrics', 'conversion', '--sql'],
  ['rows', 'keys'],
  ['rows', 'run', '--list'],
  ['tasks', 'run', '--plan'],
  ['rows', 'doctor'],
];

test('every reading command answers beside the running demo, as one JSON document and nothing else', async () => {
  registerModuleHook();
  for (const [field, ...call] of readers) {
    const ended = await callCommand([...place, ...call, '--json']);
    assert.equal(ended.code, 0, `${call.join(' ')}: ${ended.out}${ended.err}`);
    const documents = documentsOf(ended);
    assert.equal(documents.length, 1, call.join(' '));
    assert.ok(field in (documents[0] ?? {}), `${call.join(' ')}: ${ended.out.slice(0, 200)}`);
    if (field === 'holder')
      assert.deepEqual(documents[0]?.['holder'], { pid: demo?.child.pid, command: 'octavo demo' });
  }
});

test('whoever would write is told who holds the folder', async () => {
  const [run, other] = await Promise.all([
    runCommand([...place, 'run', 'seal']),
    runCommand(['demo', ...small]),
  ]);
  assert.equal(run.code, 2);
  assert.match(run.err, new RegExp(`octavo demo, process ${demo?.child.pid}`));
  assert.equal(other.code, 2);
  assert.equal(errorOf(other).code, 'locked');
});

test('a reader whom the shop does not know is not found, as over the API', async () => {
  const ended = await runCommand([...place, 'recommend', 'reader', 'nobody', '--json']);
  assert.equal(ended.code, 2);
  assert.equal(errorOf(ended).code, 'reader_not_found');
});

test('a data folder that can be none is refused at once, and a taken port leaves none behind', async () => {
  const file = await runCommand(['demo', '--data', join(folder, 'data', 'lock'), '--json']);
  assert.equal(errorOf(file).code, 'argument_invalid');
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const other = join(folder, 'other');
  const { port } = taken.address() as AddressInfo;
  const refused = await runCommand(['demo', '--data', other, '--port', String(port), '--json']);
  taken.close();
  assert.equal(errorOf(refused).code, 'port_taken');
  assert.equal(existsSync(other), false);
});

test('a wrong name has exit code 2 and the nearest name; writing by SQL is refused', async () => {
  const [list, query, option] = await Promise.all([
    runCommand([...place, 'lists', 'show', 'dayly']),
    runCommand([...place, 'query', 'drop table raw.events', '--json']),
    runCommand([...place, 'tables', '--limt', '3', '--json']),
  ]);
  assert.equal(list.code, 2);
  assert.equal(list.out, '');
  assert.match(list.err, /did you mean 'daily'/);
  for (const [ended, code] of [
    [query, 'query_refused'],
    [option, 'argument_invalid'],
  ] as const) {
    assert.equal(ended.code, 2);
    assert.equal(errorOf(ended).code, code);
  }
});

test('personal columns are null unless they are asked for', async () => {
  const call = ['query', 'select max(buyer_id) as reader from sale_lines', '--csv'];
  const [hidden, shown] = await Promise.all([
    runCommand([...place, ...call]),
    runCommand([...place, ...call, '--personal']),
  ]);
  assert.equal(hidden.out, 'reader\n\n');
  assert.match(shown.out, /^reader\nr\d+\n$/);
});

test('Ctrl-C ends the demo with 130; every step was told; the next start finds all of it there', async () => {
  demo?.child.kill('SIGINT');
  const first = await demo?.ended;
  assert.ok(first !== undefined);
  assert.equal(first.code, 130, first.err);
  const told = documentsOf(first);
  assert.deepEqual(
    told.slice(0, -1).map(({ step, status }) => [step, status]),
    steps.map((step) => [step, 'done']),
  );
  assert.equal(told.at(-1)?.['ready'], true);
  for (const { step, counts } of told.slice(0, -1)) {
    const { days = 1, sources, rows = 0 } = counts as Readonly<Partial<Record<string, number>>>;
    assert.equal(days, 1, `${String(step)} tells more days than were made`);
    if (step === 'extract') assert.ok(sources === 1 && rows > 0, JSON.stringify(counts));
  }
  const again = startCommand(['demo', ...small]);
  await again.line('{"ready"');
  again.child.kill('SIGTERM');
  const second = await again.ended;
  assert.equal(second.code, 143, second.err);
  const later = documentsOf(second);
  assert.deepEqual(
    later.slice(0, -1).map(({ step, status }) => [step, status]),
    steps.map((step) => [step, 'skipped']),
  );
  assert.equal(later.at(-1)?.['key'], told.at(-1)?.['key']);
});

test('a step that is stopped says so, and a reader who has read enough ends the work', async () => {
  const other = join(folder, 'other');
  const options = ['--data', other, '--days', '2', '--scale', '0.05', '--port', '0', '--rate', '0', '--json'];
  const stopped = startCommand(['demo', ...options]);
  await stopped.line('{"step":"load"');
  stopped.child.kill('SIGINT');
  const ended = await stopped.ended;
  assert.equal(ended.code, 130, ended.err);
  assert.equal(documentsOf(ended).at(-1)?.['status'], 'cancelled');
  const piped = startCommand(['demo', ...options]);
  await piped.line('{"step":"make"');
  piped.child.stdout.destroy();
  assert.equal((await piped.ended).code, 141);
});

test('a taken port is told, and none is picked instead', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  try {
    await new Promise((done) => server.once('listening', done));
    const { port } = server.address() as AddressInfo;
    const options = ['--data', join(folder, 'port'), '--port', String(port), '--json'];
    const ended = await runCommand(['demo', ...options]);
    assert.equal(ended.code, 2, ended.err);
    const error = errorOf(ended);
    assert.equal(error.code, 'port_taken');
    assert.match(error.message, new RegExp(String(port)));
  } finally {
    server.close();
  }
});
