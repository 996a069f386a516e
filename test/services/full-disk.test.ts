import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { openKeyStore } from '../../src/api/index.ts';
import { seededRandom, systemClock } from '../../src/base/index.ts';
import { registerModuleHook } from '../../src/cli/module-hook.ts';
import { checkEvents } from '../line/findings.ts';
import { reopen } from '../line/reopen.ts';
import { acknowledges, startSender, type Sender } from '../line/sender.ts';
import { startService, type ServiceProcess } from '../line/service-process.ts';

/** `SQUEEZES=100` fills the disk more often; the seed of how far is `SEED`. */
const squeezes = Number(process.env['SQUEEZES'] ?? 10);
const seed = process.env['SEED'] ?? '1';
const diskBytes = 96 * 1024 * 1024;

const environment = {
  OCTAVO_COLLECT_SEGMENT_BYTES: '65536',
  OCTAVO_WAREHOUSE_LOAD_INTERVAL_MS: '200',
  OCTAVO_WAREHOUSE_LOAD_WAIT_MS: '500',
  OCTAVO_LOG_LEVEL: 'warn',
};

describe('a real disk that is full', () => {
  it(`${squeezes} times, whoever writes to it: what was acknowledged is there once, and work goes on by itself`, async (context) => {
    registerModuleHook();
    const folder = await mkdtemp(join(tmpdir(), 'octavo-full-disk-'));
    const [project, data, log] = [join(folder, 'project'), join(folder, 'data'), join(folder, 'log')];
    await mkdir(project);
    await mkdir(data);
    await writeFile(join(project, 'octavo.config.ts'), `export default { name: 'full' };\n`);
    if (!mountDisk(data)) {
      await rm(folder, { recursive: true });
      context.skip('skipped: a disk of memory can be mounted on Linux by root only');
      return;
    }
    const keys = openKeyStore({ path: join(data, 'api.db'), clock: systemClock });
    const { key } = keys.create('readers', ['events:write']);
    keys.close();
    const random = seededRandom(`full disk ${seed}`);
    let service: ServiceProcess | undefined = startService({ project, data, log, environment });
    let sender: Sender | undefined;
    try {
      const url = await service.ready;
      sender = startSender({
        templates: [{ kind: 'page_view', device_id: 'd1', page: { url: 'https://store.example/' } }] as never,
        earlierMs: [Date.now() - 3_600_000],
        random: random.fork('events'),
        nowMs: () => Date.now(),
        key,
        url: () => url,
      });
      for (let squeeze = 0; squeeze < squeezes; squeeze++) {
        await acknowledges(sender, 1 + random.below(200));
        // From nothing at all to what a data file takes: another write fails each time.
        await fillDisk(data, random.below(random.pick([1, 64, 512]) * 1024));
        await delay(500 + random.below(1_500));
        await rm(ballastOf(data));
      }
      await acknowledges(sender, 100);
      await sender.stop();
      assert.equal(await service.stop(), 143);
      service = undefined;
      const platform = await reopen({ project, data, environment });
      try {
        await platform.loadAll();
        await checkEvents(platform, sender.oracle);
      } finally {
        await platform.close();
      }
      const told = await readFile(log, 'utf8');
      context.diagnostic(
        `${squeezes} times full: ${sender.refused} requests refused, ${told.split('load').length - 1} loads put off; ` +
          `${sender.oracle.acknowledged.size} acknowledged, lost 0, doubled 0`,
      );
      assert.ok(sender.refused > 0, 'no request met the full disk');
    } catch (error) {
      context.diagnostic((await readFile(log, 'utf8').catch(() => '')).slice(-4000));
      throw error;
    } finally {
      sender?.abandon();
      await service?.kill();
      spawnSync('umount', ['-l', data]);
      await rm(folder, { recursive: true, force: true });
    }
  });
});

function mountDisk(folder: string): boolean {
  const options = ['-t', 'tmpfs', '-o', `size=${diskBytes}`, 'octavo', folder];
  return process.getuid?.() === 0 && spawnSync('mount', options).status === 0;
}

function ballastOf(data: string): string {
  return join(data, 'ballast');
}

/** Takes the room of the disk but for so many bytes. */
async function fillDisk(data: string, leftBytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(data);
  const bytes = Math.max(0, bavail * bsize - leftBytes);
  try {
    await writeFile(ballastOf(data), Buffer.alloc(bytes));
  } catch (error) {
    // Somebody else was faster: it is as full as can be.
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
}
