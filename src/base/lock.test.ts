import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { hasCode } from './errors.ts';
import { folderHolder, lockFolder } from './lock.ts';

test('one process holds the folder, and a killed holder leaves it free', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'octavo-lock-'));
  try {
    const path = join(folder, 'lock');
    assert.equal(folderHolder(path), undefined);
    const script = `import { lockFolder } from ${JSON.stringify(new URL('./lock.ts', import.meta.url).href)};
      lockFolder(${JSON.stringify(path)}, { pid: process.pid, command: 'octavo start' });
      process.stdout.write('held'); setInterval(() => undefined, 1000);`;
    const holder = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(holder.stdout, 'data');
    const take = (): { release(): void } => lockFolder(path, { pid: process.pid, command: 'octavo run' });
    assert.throws(
      take,
      (error) => hasCode(error, 'locked') && error.message.includes(`octavo start, process ${holder.pid}`),
    );
    assert.deepEqual(folderHolder(path), { pid: holder.pid, command: 'octavo start' });
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    assert.equal(folderHolder(path), undefined);
    take().release();
    take().release();
  } finally {
    await rm(folder, { recursive: true });
  }
});
