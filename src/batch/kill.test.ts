import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { seededRandom, systemClock } from '../base/index.ts';
import { defineTask } from './define-task.ts';
import { createRegistry } from './registry.ts';
import { runGoals } from './run-goals.ts';
import { openSqliteState } from './sqlite-state.ts';
import { file } from './targets.ts';

const taskCount = 40;
const [, , role, childFolder] = process.argv;

if (role === 'batch-child' && childFolder !== undefined) await runChild(childFolder);
else {
  test('a runner killed at random moments goes on where it was, and nothing that was done is done again', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'octavo-kill-'));
    try {
      const random = seededRandom(7);
      let kills = 0;
      while ((await runProcess(folder, kills < 5 ? 30 + random.below(300) : undefined)) !== 0) {
        kills += 1;
        assert.ok(kills < 10, 'the runner did not come to its end');
      }
      assert.ok(kills > 0, 'no kill came in time');
      const effects = (await readFile(join(folder, 'effects'), 'utf8')).trim().split('\n');
      assert.equal(effects.filter((line) => line.startsWith('again')).length, 0);
      // A kill may fall between a target and its line, never between two targets of one task.
      assert.equal(new Set(effects).size, effects.length);
      assert.ok(effects.length >= taskCount - 2 * kills);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
}

/** Resolves to the exit code, null when killed. The kill comes after the child has said that its run began. */
async function runProcess(folder: string, killAfterMs: number | undefined): Promise<number | null> {
  const child = spawn(process.execPath, [import.meta.filename, 'batch-child', folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  child.stdout.once('data', () => {
    if (killAfterMs !== undefined) setTimeout(() => child.kill('SIGKILL'), killAfterMs);
  });
  return await new Promise((resolve) => child.once('exit', resolve));
}

async function runChild(folder: string): Promise<void> {
  const state = openSqliteState({ path: join(folder, 'batch.db'), clock: systemClock });
  const tasks = Array.from({ length: taskCount }, (_, index) => {
    const path = join(folder, `target-${index}`);
    return defineTask({
      name: `t${index}`,
      needs: index < 2 ? [] : [`t${index - 2}`],
      target: () => file(path),
      run: async () => {
        await systemClock.sleep(20);
        const made = await writeFile(path, '', { flag: 'wx' }).then(
          () => 'made',
          () => 'again',
        );
        await appendFile(join(folder, 'effects'), `${made} ${index}\n`);
      },
    });
  });
  const registry = createRegistry(tasks);
  const goals = tasks.map(({ name }) => ({ task: name, parameters: {} }));
  const times = { leaseMs: 200, heartbeatMs: 50, pollMs: 20 };
  process.stdout.write('started\n');
  const random = seededRandom(1);
  const result = await runGoals({ registry, state, clock: systemClock, random, worker: String(process.pid), ...times }, goals);
  process.exit(result.outcome === 'succeeded' ? 0 : 2);
}
