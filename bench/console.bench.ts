import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium } from 'playwright-core';
import { chromiumPath } from '../services/chromium.ts';
import { option, report } from './report.ts';

// Home in a cold browser: a new Chromium with an empty cache for every visit.
//   node bench/console.bench.ts                              starts a small demo of its own
//   node bench/console.bench.ts --url=URL                    a platform that runs
//   node bench/console.bench.ts --url=URL --against=URL      two of them in turns, for a fair ratio on a busy machine

const goalMs = 1_500;
const rounds = Number(option('rounds') ?? 7);

/** Milliseconds from the begin of the navigation. */
interface Visit {
  readonly painted: number;
  /** The first number of the day is on the screen. */
  readonly first: number;
  /** All that Home loads is there. */
  readonly whole: number;
}

/** Runs in the page from its first byte on, and looks at each frame. */
const watch = `
  const seen = {};
  const look = () => {
    const figures = [...document.querySelectorAll('.figures .figure b')];
    if (seen.first === undefined && figures.some((figure) => /\\d/.test(figure.textContent))) seen.first = performance.now();
    if (seen.first !== undefined && document.querySelector('[aria-busy=true]') === null) seen.whole = performance.now();
    if (seen.whole === undefined) requestAnimationFrame(look);
  };
  window.octavoSeen = seen;
  requestAnimationFrame(look);
`;

/** Measures a first visit. */
export async function run(): Promise<void> {
  const given = option('url');
  const own = given === undefined ? await startDemo() : undefined;
  const urls = [given ?? own?.url ?? '', option('against')].filter((url) => url !== undefined);
  try {
    const visits = urls.map((): Visit[] => []);
    // The first visit of all warms the server up, not the browser.
    for (const url of urls) await visit(url);
    for (let round = 0; round < rounds; round++)
      for (const [place, url] of urls.entries()) visits[place]?.push(await visit(url));
    const [asked = [], against] = visits;
    const figure = (what: string, of: keyof Visit, goal?: { readonly atMost: number }) => ({
      what,
      value: median(asked.map((one) => one[of])),
      unit: 'ms',
      ...(goal === undefined ? {} : { goal }),
      ...(against === undefined
        ? {}
        : { floor: { what: 'the other platform', value: median(against.map((one) => one[of])) } }),
    });
    report(
      'Console: Home in a browser that never was there',
      [
        figure('first paint', 'painted'),
        figure('first number of the day', 'first', { atMost: goalMs }),
        figure('everything loaded', 'whole'),
      ],
      [`median of ${rounds} new browsers, from the begin of the navigation`],
    );
  } finally {
    await own?.stop();
  }
}

async function visit(url: string): Promise<Visit> {
  const browser = await chromium.launch({ executablePath: chromiumPath(), args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, locale: 'ko-KR' });
    await page.addInitScript(watch);
    await page.goto(url, { waitUntil: 'commit' });
    const read = 'window.octavoSeen?.whole !== undefined';
    while (!(await page.evaluate<boolean>(read))) await page.waitForTimeout(50);
    const seen = await page.evaluate<Omit<Visit, 'painted'>>('window.octavoSeen');
    const painted = await page.evaluate<number>(
      "performance.getEntriesByName('first-contentful-paint')[0].startTime",
    );
    return { ...seen, painted };
  } finally {
    await browser.close();
  }
}

async function startDemo(): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const main = join(dirname(import.meta.dirname), 'src/cli/main.ts');
  const folder = await mkdtemp(join(tmpdir(), 'octavo-bench-console-'));
  const args = ['demo', '--data', folder, '--port', '0', '--days', '9', '--scale', '0.3', '--json'];
  const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface({ input: child.stdout })) {
    const said = JSON.parse(line) as { readonly ready?: boolean; readonly url?: string };
    if (said.ready !== true) continue;
    child.stdout.resume();
    return {
      url: said.url ?? '',
      stop: async () => {
        child.kill('SIGTERM');
        await once(child, 'close');
        await rm(folder, { recursive: true, force: true });
      },
    };
  }
  throw new Error('the demo ended before it was ready');
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

if (import.meta.main) await run();
