import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { report } from '../report.ts';

const root = dirname(dirname(import.meta.dirname));
const tagBytesMax = 6 * 1024;

/** What the tracker weighs in a page. Peers as their packages are built: plausible-tracker 0.4.6 and @snowplow/browser-tracker 4.10.1. */
export function reportTrackerBytes(): void {
  const { status } = spawnSync(process.execPath, [join(root, 'scripts/build-tracker.ts')], {
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error('the tracker could not be built');
  const script = readFileSync(join(root, 'dist/tracker/o.js'));
  report(
    'tracker: the one tag, with everything but the destinations',
    [
      {
        what: 'tracker bytes, gzipped',
        value: gzipSync(script, { level: 9 }).length,
        unit: 'bytes',
        goal: { atMost: tagBytesMax },
      },
      { what: 'tracker bytes, brotli', value: brotliCompressSync(script).length, unit: 'bytes' },
    ],
    ['gzipped, of others: plausible 2.7 KB (no retry, no storage), Snowplow 17.4 KB, Segment 30 KB'],
  );
}
