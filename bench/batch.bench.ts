import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase, seededRandom, systemClock, transaction } from '../src/base/index.ts';
import { flag, report } from './report.ts';
import { createRegistry, defineTask, openSqliteState, runGoals } from '../src/batch/index.ts';

const taskCountDefault = 1_000;
const chainLength = 10;

/**
 * Milliseconds for one of 1,000 (or `taskCount`) trivial tasks in chains of ten, against as many durable commits of
 * one row. Goal: 1 ms.
 */
export async function run(taskCount: number = taskCountDefault): Promise<{
  name: string;
  figure: number;
  unit: string;
  floor: number;
  ratio: number;
  goal: number;
}> {
  const folder = await mkdtemp(join(tmpdir(), 'octavo-bench-batch-'));
  const state = openSqliteState({ path: join(folder, 'batch.db'), clock: systemClock });
  try {
    const tasks = Array.from({ length: taskCount }, (_, index) =>
      defineTask({
        name: `task${index}`,
        needs: index % chainLength === 0 ? [] : [`task${index - 1}`],
        run: () => undefined,
      }),
    );
    const goals = tasks
      .filter((_, index) => index % chainLength === chainLength - 1)
      .map(({ name }) => ({ task: name, parameters: {} }));
    const startedMs = performance.now();
    const options = {
      registry: createRegistry(tasks),
      state,
      clock: systemClock,
      random: seededRandom(1),
      worker: 'bench',
    };
    const result = await runGoals(options, goals);
    const figure = (performance.now() - startedMs) / taskCount;
    if (result.succeeded !== taskCount)
      throw new Error(`${result.succeeded} of ${taskCount} tasks succeeded`);
    const floor = commitMs(join(folder, 'floor.db'), taskCount);
    return { name: 'batch: task overhead', figure, unit: 'ms/task', floor, ratio: figure / floor, goal: 1 };
  } finally {
    await state.close();
    await rm(folder, { recursive: true });
  }
}

function commitMs(path: string, taskCount: number): number {
  const database = openDatabase({ path, migrations: ['create table t (a integer) strict'] });
  const insert = database.prepare('insert into t values (?)');
  const startedMs = performance.now();
  for (let index = 0; index < taskCount; index++) transaction(database, () => insert.run(index));
  const figure = (performance.now() - startedMs) / taskCount;
  database.close();
  return figure;
}

if (import.meta.main) {
  const { figure, floor, unit, goal } = await run(flag('small') ? 200 : taskCountDefault);
  report('batch: trivial tasks in chains of ten, durable', [
    {
      what: 'overhead of a task',
      value: figure,
      unit,
      goal: { atMost: goal },
      floor: { what: 'one durable commit of SQLite', value: floor },
    },
  ]);
}
