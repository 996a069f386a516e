import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measureFlume, type FlumeRun } from './collect/ship-flume.ts';
import { flag, readable, report, type Figure } from './report.ts';

/** One run of the agent's process. */
interface ShipRun {
  readonly lines: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly rssBytes: number;
}

const goal = 200_000;

/**
 * Lines of a combined log a second from a file to the event log, fsynced before the offset moves. Goal: 200,000. Apache Flume, from
 * its taildir source into its file channel, has fewer of the same lines.
 */
export async function run(lines: number, peerLines: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'octavo-bench-ship-'));
  try {
    const text = Array.from({ length: lines }, (_, index) => lineAt(index)).join('');
    await writeFile(join(folder, 'access.log'), text);
    const child = fork(join(import.meta.dirname, 'collect', 'ship-server.ts'), [folder]);
    const [message] = (await once(child, 'message')) as [ShipRun];
    const { seconds, cpuSeconds, rssBytes } = message;
    const peer = await flume(folder, peerLines);
    const floor = (value: number | undefined): Pick<Figure, 'floor'> =>
      value === undefined ? {} : { floor: { what: 'Apache Flume, lines as they are', value } };
    report(
      `ship: ${readable(lines)} lines of a combined log into the journal, ${readable(text.length / 2 ** 20)} MiB`,
      [
        {
          what: 'lines',
          value: message.lines / seconds,
          unit: 'lines/s',
          goal: { atLeast: goal },
          ...floor(peer?.linesPerSecond),
        },
        {
          what: 'lines for a second of processor time',
          value: message.lines / cpuSeconds,
          unit: 'lines',
          ...floor(peer?.linesPerCpuSecond),
        },
        { what: 'memory', value: rssBytes / 2 ** 20, unit: 'MiB' },
      ],
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function flume(folder: string, lines: number): Promise<FlumeRun | undefined> {
  const [home, file] = [join(folder, 'flume'), join(folder, 'first-lines')];
  await mkdir(join(home, 'logs'), { recursive: true });
  await writeFile(file, Array.from({ length: lines }, (_, index) => lineAt(index)).join(''));
  return await measureFlume({ folder: home, file, lines, batchLines: 1000 });
}

const agents = [
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_9_1) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/32.0.1700.77 Safari/537.36',
  'Mozilla/5.0 (X11; Linux x86_64; rv:25.0) Gecko/20100101 Firefox/25.0',
];

function lineAt(index: number): string {
  const second = String(Math.floor(index / 2000) % 60).padStart(2, '0');
  const minute = String(Math.floor(index / 120_000) % 60).padStart(2, '0');
  const path = index % 3 === 0 ? `/books/t${index % 40_000}?from=home` : `/list/${index % 500}`;
  const ip = `203.0.${(index >> 8) % 100}.${index % 250}`;
  return `${ip} - - [01/Mar/2026:10:${minute}:${second} +0900] "GET ${path} HTTP/1.1" 200 18848 "https://books.example/" "${agents[index % 2]}"\n`;
}

if (import.meta.main) await run(flag('small') ? 200_000 : 2_000_000, flag('small') ? 40_000 : 300_000);
