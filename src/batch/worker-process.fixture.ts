import { existsSync } from 'node:fs';
import { appendFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { seededRandom, systemClock } from '../base/index.ts';
import { defineTask } from './define-task.ts';
import { openFencedTarget, until } from './fenced-target.fixture.ts';
import { createRegistry } from './registry.ts';
import { runGoals } from './run-goals.ts';
import { openSqliteState } from './sqlite-state.ts';
import { file } from './targets.ts';
import { type Task } from './task.ts';

/** A worker process that tests start, kill and stop: `chain` makes 40 tasks, `patient` and `quick` make two. */
const [, , role, folder = '.'] = process.argv;
const worker = `${role} ${process.pid}`;
const state = openSqliteState({ path: join(folder, 'batch.db'), clock: systemClock });
const store = openFencedTarget(join(folder, 'target.db'));

/** Each needs the one two before it; half of them have a marker for a target. */
function chain(): readonly Task[] {
  return Array.from({ length: 40 }, (_, index) => {
    const name = `t${index}`;
    return defineTask({
      name,
      needs: index < 2 ? [] : [`t${index - 2}`],
      ...(index % 4 < 2 ? { target: () => store.target(name) } : {}),
      run: async ({ token }) => {
        await systemClock.sleep(15);
        store.publish(name, token, worker);
      },
    });
  });
}

/** One publishes with its token, one asks for confirmation and renames. A patient one waits for `go`, deaf to its signal. */
function pair(): readonly Task[] {
  const wait = async (): Promise<void> => {
    process.stdout.write('began\n');
    if (role === 'patient') await until(systemClock, () => existsSync(join(folder, 'go')));
  };
  const edition = defineTask({
    name: 'edition',
    target: () => store.target('edition'),
    run: async ({ token }) => {
      await wait();
      store.publish('edition', token, worker);
    },
  });
  const path = join(folder, 'report.txt');
  const report = defineTask({
    name: 'report',
    target: () => file(path),
    run: async ({ token, confirm }) => {
      await wait();
      await writeFile(`${path}.${token}`, worker);
      await confirm?.();
      await rename(`${path}.${token}`, path);
      await appendFile(join(folder, 'renames'), `${worker}\n`);
    },
  });
  return [edition, report];
}

const registry = createRegistry(role === 'chain' ? chain() : pair());
const goals = registry.tasks.map(({ name }) => ({ task: name, parameters: {} }));
const times = { leaseMs: 200, heartbeatMs: 50, pollMs: 20 };
process.stdout.write('started\n');
const result = await runGoals(
  { registry, state, clock: systemClock, random: seededRandom(1), worker, ...times },
  goals,
);
process.exit(result.outcome === 'succeeded' ? 0 : 2);
