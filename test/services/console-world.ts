import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium, type Browser, type Page } from 'playwright-core';
import { chromiumPath } from '../../services/chromium.ts';
import { endWithProcess } from '../../services/end-with-process.ts';

const root = dirname(dirname(import.meta.dirname));
const main = join(root, 'src/cli/main.ts');
const screenshots = join(root, '.cache', 'screenshots');
const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const restMsMax = 60_000;

export type Theme = 'light' | 'dark';

/** How a reader has set up his browser. */
export interface View {
  readonly language: 'ko' | 'en';
  /** The device's colours when the page is opened, then those that it changes to. */
  readonly themes: readonly [Theme, ...Theme[]];
  readonly width: 390 | 1440;
}

/** Every combination that a screen must hold in; each theme is once the one that the page opens in. */
export const views: readonly View[] = (['ko', 'en'] as const).flatMap((language) =>
  ([390, 1440] as const).map((width): View => ({
    language,
    themes: (language === 'ko') === (width === 390) ? ['light', 'dark'] : ['dark', 'light'],
    width,
  })),
);

/** A running platform. */
export interface Served {
  readonly url: string;
  readonly key: string;
  stop(): Promise<void>;
}

/** Starts `octavo <arguments> --json`; resolves when it says that it is ready. */
export async function serve(args: readonly string[]): Promise<Served> {
  const child = spawn(process.execPath, [main, ...args, '--json'], { stdio: ['ignore', 'pipe', 'pipe'] });
  endWithProcess(child);
  let said = '';
  child.stderr.on('data', (bytes: Buffer) => {
    said = (said + bytes.toString()).slice(-4000);
  });
  const ready = await new Promise<{ url: string; key?: string }>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const document = JSON.parse(line) as { ready?: boolean; url?: string; key?: string };
      if (document.ready === true) resolve({ url: document.url ?? '', key: document.key ?? '' });
      else said = `${said}${line}\n`.slice(-4000);
    });
    child.once('close', (code) => reject(new Error(`octavo ${args.join(' ')} ended with ${code}: ${said}`)));
  });
  return {
    url: ready.url,
    key: ready.key ?? '',
    stop: async () => {
      if (child.exitCode !== null) return;
      const closed = once(child, 'close');
      child.kill('SIGTERM');
      await closed;
    },
  };
}

/** Runs a command of the platform to its end, with a text on its standard input; what it said. */
export async function command(args: readonly string[], input = ''): Promise<string> {
  const child = spawn(process.execPath, [main, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.on('data', (bytes: Buffer) => {
    said += bytes.toString();
  });
  child.stdin.end(input);
  const [code] = (await once(child, 'close')) as [number];
  if (code !== 0) throw new Error(`octavo ${args.join(' ')} ended with ${code}`);
  return said;
}

export async function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: chromiumPath(), args: ['--no-sandbox'] });
}

/** A page of a browser that is set up so, and what went wrong in it. */
export interface OpenPage {
  readonly page: Page;
  /** Errors of scripts and the console, requests to other hosts. */
  readonly troubles: string[];
  close(): Promise<void>;
}

/** Opens an empty page. */
export async function openPage(browser: Browser, view: View, host: string): Promise<OpenPage> {
  const context = await browser.newContext({
    viewport: { width: view.width, height: view.width === 390 ? 844 : 900 },
    locale: view.language === 'ko' ? 'ko-KR' : 'en-GB',
    colorScheme: view.themes[0],
    reducedMotion: 'reduce',
  });
  context.setDefaultTimeout(restMsMax);
  const page = await context.newPage();
  const troubles: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') troubles.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => troubles.push(`script: ${error.message}`));
  page.on('request', (request) => {
    const { protocol, host: asked } = new URL(request.url());
    if (protocol.startsWith('http') && asked !== host) troubles.push(`another host: ${request.url()}`);
  });
  return { page, troubles, close: () => context.close() };
}

/** Waits until a screen has come to rest: nothing loads, its letters are there. */
export async function settle(page: Page): Promise<void> {
  await page.locator('h1').first().waitFor({ timeout: restMsMax });
  const rests = [
    "document.querySelector('[aria-busy=true]') === null",
    "document.fonts.size > 0 && document.fonts.status === 'loaded'",
  ];
  const untilMs = performance.now() + restMsMax;
  // Asked from outside: the page's policy allows nobody to evaluate texts in it.
  for (const rest of rests)
    while (!(await page.evaluate<boolean>(rest))) {
      if (performance.now() > untilMs) throw new Error(`${page.url()} has not come to rest: ${rest}`);
      await page.waitForTimeout(100);
    }
  await page.waitForTimeout(300);
}

interface AxeResults {
  readonly violations: readonly {
    readonly id: string;
    readonly help: string;
    readonly nodes: readonly { readonly html: string }[];
  }[];
}

/** Rows of long lists are all made the same way; looking at the first ones is enough. */
const looked = "{ exclude: [['tbody tr:nth-child(n+7)']] }";

/** What axe finds wrong. The page's policy allows no added scripts; the browser's own channel is not bound by it. */
export async function accessibility(page: Page): Promise<readonly string[]> {
  if (!(await page.evaluate<boolean>("'axe' in window")))
    await page.evaluate(await readFile(axePath, 'utf8'));
  const { violations } = await page.evaluate<AxeResults>(
    `axe.run(${looked}, { resultTypes: ['violations'] })`,
  );
  return violations.map(({ id, help, nodes }) =>
    `${id}: ${help}: ${nodes.map(({ html }) => html).join(' | ')}`.slice(0, 600),
  );
}

/** How many pixels the page is wider than the window. */
export async function overflow(page: Page): Promise<number> {
  return page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth');
}

/** Keeps a picture of the screen for people to look at. */
export async function keepPicture(
  page: Page,
  name: string,
  { language, theme, width }: Pick<View, 'language' | 'width'> & { readonly theme: Theme },
): Promise<void> {
  await mkdir(screenshots, { recursive: true });
  await page.screenshot({ path: join(screenshots, `${name}.${language}.${theme}.${width}.png`) });
}
