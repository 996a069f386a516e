import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Readable } from 'node:stream';
import { test } from 'node:test';
import { seededRandom, systemClock } from '../base/index.ts';
import { openFencedTarget, until, type FencedTarget } from './fenced-target.fixture.ts';
import { openSqliteState } from './sqlite-state.ts';
import { type BatchState } from './state-port.ts';

interface Worker {
  readonly process: ChildProcess & { readonly stdout: Readable };
  /** Its exit code, null when killed. */
  readonly exit: Promise<number | null>;
  /** What it has said so far. */
  readonly said: () => string;
}

interface Under {
  readonly folder: string;
  readonly store: FencedTarget;
  readonly state: BatchState;
  start(role: 'chain' | 'patient' | 'quick'): Worker;
}

function startWorker(role: string, folder: string): Worker {
  const script = join(import.meta.dirname, 'worker-process.fixture.ts');
  const child = spawn(process.execPath, [script, role, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.on('data', (bytes: Buffer) => {
    said += bytes.toString();
  });
  const exit = once(child, 'exit').then(([code]) => code as number | null);
  return { process: child, exit, said: () => said };
}

async function withFolder(work: (under: Under) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'octavo-kill-'));
  const store = openFencedTarget(join(folder, 'target.db'));
  const state = openSqliteState({ path: join(folder, 'batch.db'), clock: systemClock });
  const workers: Worker[] = [];
  const start = (role: string): Worker => {
    const worker = startWorker(role, folder);
    workers.push(worker);
    return worker;
  };
  try {
    await work({ folder, store, state, start });
  } finally {
    for (const worker of workers) worker.process.kill('SIGKILL');
    await Promise.all(workers.map(({ exit }) => exit));
    store.close();
    await state.close();
    await rm(folder, { recursive: true });
  }
}

test('runners killed at random moments go on where they were: every publication once, needs before what needs them', async () => {
  await withFolder(async ({ store, state, start }) => {
    const random = seededRandom(7);
    let kills = 0;
    for (let code: number | null = null; code !== 0;) {
      assert.ok(kills < 12, 'the runner did not come to its end');
      const worker = start('chain');
      if (kills < 6) {
        const before = store.publications().length;
        const publications = 1 + random.below(8);
        const done = (): boolean =>
          store.publications().length >= before + publications || worker.process.exitCode !== null;
        await until(systemClock, done);
        await systemClock.sleep(random.below(20));
        worker.process.kill('SIGKILL');
      }
      code = await worker.exit;
      if (code === null) kills += 1;
      else assert.equal(code, 0);
    }
    assert.ok(kills > 0, 'no kill came in time');
    const publications = store.publications();
    assert.ok(publications.every(({ accepted }) => accepted));
    const times = Map.groupBy(publications, ({ name }) => name);
    assert.equal(times.size, 40);
    const repeated = [...times].filter(([, all]) => all.length > 1).map(([name]) => Number(name.slice(1)));
    // Between a publication and its marker there is a moment that no marker can cover; a target that is its own record has none.
    assert.deepEqual(
      repeated.filter((index) => index % 4 < 2),
      [],
    );
    assert.ok(repeated.length <= 2 * kills, `${repeated.length} markers repeated by ${kills} kills`);
    const first = (index: number): number => publications.findIndex(({ name }) => name === `t${index}`);
    for (let index = 2; index < 40; index++)
      assert.ok(first(index - 2) < first(index), `t${index} came before its need`);
    // The lease of the run that was killed last.
    await systemClock.sleep(200);
    const outcomes = (await state.runs()).map(({ outcome }) => outcome);
    assert.deepEqual(outcomes, ['succeeded', ...Array.from({ length: kills }, () => 'lost')]);
    assert.deepEqual(await state.running(), []);
  });
});

/** Stops the process while it holds no lock of the databases: those, unlike leases, no other can take over. */
async function stopBetweenWrites(process: ChildProcess, folder: string): Promise<void> {
  const databases = ['batch.db', 'target.db'].map(
    (name) => new DatabaseSync(join(folder, name), { timeout: 0 }),
  );
  const free = (): boolean => {
    try {
      for (const database of databases) database.exec('begin immediate; rollback');
      return true;
    } catch {
      return false;
    }
  };
  for (;;) {
    process.kill('SIGSTOP');
    await systemClock.sleep(10);
    if (free()) break;
    process.kill('SIGCONT');
    await systemClock.sleep(5);
  }
  for (const database of databases) database.close();
}

test('a worker that was stopped past its lease publishes nothing when it comes back', async () => {
  await withFolder(async ({ folder, store, state, start }) => {
    const stopped = start('patient');
    await until(systemClock, () => stopped.said().split('began').length === 3);
    await stopBetweenWrites(stopped.process, folder);
    const quick = start('quick');
    assert.equal(await quick.exit, 0);
    await writeFile(join(folder, 'go'), '');
    stopped.process.kill('SIGCONT');
    assert.equal(await stopped.exit, 0, 'it finds the targets there');

    const [first, second] = store.publications();
    assert.equal(store.publications().length, 2);
    assert.deepEqual([first?.worker, first?.accepted], [`quick ${quick.process.pid}`, true]);
    assert.deepEqual([second?.worker, second?.accepted], [`patient ${stopped.process.pid}`, false]);
    assert.ok((first?.token ?? 0) > (second?.token ?? 0));
    assert.equal(await readFile(join(folder, 'report.txt'), 'utf8'), `quick ${quick.process.pid}`);
    assert.equal(await readFile(join(folder, 'renames'), 'utf8'), `quick ${quick.process.pid}\n`);

    for (const taskId of ['edition', 'report']) {
      const attempts = (await state.attempts({ taskId })).map(
        ({ worker, outcome }) => `${worker.split(' ')[0]} ${outcome}`,
      );
      assert.deepEqual(attempts, ['patient present', 'quick succeeded', 'patient lost']);
    }
  });
});
