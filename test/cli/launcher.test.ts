import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from './run-command.ts';

test('who kills the process that they started, kills all of it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'octavo-launcher-'));
  try {
    const config = join(folder, 'ship.yaml');
    await writeFile(config, `to: { journal: '${folder}/log' }\ninputs: [{ files: '${folder}/*.log' }]\n`);
    const start = async (): Promise<{ readonly said: string; kill(): Promise<void> }> => {
      const launcher = spawn(
        process.execPath,
        [join(root, 'bin', 'octavo.mjs'), 'ship', '--config', config, '--json'],
        { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] },
      );
      let told = '';
      launcher.stderr.setEncoding('utf8').on('data', (text: string) => (told += text));
      const [first] = (await Promise.race([once(launcher.stdout, 'data'), once(launcher, 'close')])) as [
        unknown,
      ];
      return {
        said: `${String(first)}${told}`,
        kill: async () => {
          // Both processes have these pipes: they are closed when both are gone.
          const gone = once(launcher, 'close');
          launcher.kill('SIGKILL');
          launcher.stdout.resume();
          await gone;
        },
      };
    };
    // The second would find the first one's locks.
    for (let round = 0; round < 2; round++) {
      const { said, kill } = await start();
      assert.match(said, /^\{"ready":true/);
      await kill();
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});
