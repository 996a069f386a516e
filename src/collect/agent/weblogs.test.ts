import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { openTestCollector } from '../collector.fixture.ts';
import { inFolder, shipOnce } from './ship.fixture.ts';

const archive = join(import.meta.dirname, '../../../../shared/data/weblogs-elastic.tar.gz');
const absent = existsSync(archive) ? false : `no real access log: ${archive} is absent`;

test(
  'a real access log, its minutes shuffled: every line arrives once, visits do not depend on its order',
  { skip: absent },
  () =>
    inFolder(async (folder) => {
      execFileSync('tar', ['xzf', archive, '-C', folder]);
      const text = await readFile(join(folder, 'weblogs-elastic/access.log'), 'utf8');
      const lines = text.split('\n').filter((one) => one !== '');
      /** Ships the log as it lies in a folder; gives each line's time, address and agent with its visit. */
      const visitsOf = async (
        name: string,
        files: Readonly<Record<string, string | Buffer>>,
      ): Promise<readonly string[]> => {
        const root = join(folder, name);
        await mkdir(root);
        for (const [file, content] of Object.entries(files)) await writeFile(join(root, file), content);
        const collector = await openTestCollector();
        try {
          const yaml = `to: { url: '${collector.url}/v1/events' }\nname: real\ninputs: [{ files: 'access.log*' }]\nsessions: { reorder_seconds: 60 }\n`;
          const totals = await shipOnce(root, yaml);
          assert.deepEqual([totals.accepted, totals.duplicates, totals.failed], [lines.length, 0, 0]);
          const stored = await collector.stored();
          assert.equal(stored.length, lines.length);
          return stored
            .map((event) => `${event.occurred_at} ${event.page?.url} ${event.user_agent} ${event.session_id}`)
            .toSorted();
        } finally {
          await collector.close();
        }
      };
      const asItIs = await visitsOf('one', { 'access.log': text });
      const minuteOf = (line: string): string => /\[([^\]]{17})/.exec(line)?.[1] ?? '';
      const secondOf = (line: string): string => /\[([^\]]+)\]/.exec(line)?.[1] ?? '';
      const sorted = lines
        .map((line, index) => ({ line, index }))
        .toSorted((a, b) =>
          minuteOf(a.line) === minuteOf(b.line)
            ? secondOf(a.line).localeCompare(secondOf(b.line))
            : a.index - b.index,
        )
        .map(({ line }) => line);
      assert.deepEqual(await visitsOf('sorted', { 'access.log': `${sorted.join('\n')}\n` }), asItIs);
      const half = Math.ceil(lines.length / 2);
      const rotated = {
        'access.log.1.gz': gzipSync(`${lines.slice(0, half).join('\n')}\n`),
        'access.log': `${lines.slice(half).join('\n')}\n`,
      };
      assert.deepEqual(await visitsOf('rotated', rotated), asItIs);
    }),
);
