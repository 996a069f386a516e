import { access, readFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { OctavoError } from '../../base/index.ts';

/** Where a browser may be found when the configuration names none. */
const names = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'chrome',
  'microsoft-edge',
];

/**
 * Draws a document as a PNG, 720 px wide at twice the density, in the Chromium of this machine. Scripts are off and nothing is
 * fetched. Errors: `browser_missing`, `delivery_failed`.
 */
export async function drawPicture(
  document: string,
  options: {
    readonly executable: string | undefined;
    /** Where programs are looked for. */
    readonly path: string | undefined;
    /** A WOFF2 file of the text face, for machines without Korean letters. */
    readonly face: string | undefined;
  },
): Promise<Buffer> {
  const executablePath = options.executable ?? (await findBrowser(options.path ?? ''));
  // It takes long to load, and most commands draw nothing.
  const { chromium } = await import('playwright-core');
  const browser = await chromium
    .launch({ executablePath, chromiumSandbox: process.getuid?.() !== 0, timeout: timeoutMs })
    .catch((cause: unknown) => {
      throw new OctavoError('browser_missing', `${executablePath} does not start`, { cause });
    });
  try {
    const context = await browser.newContext({
      viewport: { width: 720, height: 480 },
      deviceScaleFactor: 2,
      javaScriptEnabled: false,
      offline: true,
    });
    const page = await context.newPage();
    await page.setContent(await withFace(document, options.face), { timeout: timeoutMs, waitUntil: 'load' });
    return await page.screenshot({ fullPage: true, type: 'png', timeout: timeoutMs });
  } catch (cause) {
    throw new OctavoError('delivery_failed', 'the page could not be drawn', { cause });
  } finally {
    await browser.close();
  }
}

async function withFace(document: string, face: string | undefined): Promise<string> {
  const font = face === undefined ? undefined : await readFile(face).catch(() => undefined);
  if (font === undefined) return document;
  const rule = `@font-face{font-family:Pretendard;font-weight:45 920;src:url(data:font/woff2;base64,${font.toString('base64')})}`;
  return document.replace('</head>', `<style>${rule}</style></head>`);
}

async function findBrowser(path: string): Promise<string> {
  for (const folder of path.split(delimiter)) {
    for (const name of names) {
      const file = join(folder, name);
      if (
        folder !== '' &&
        (await access(file).then(
          () => true,
          () => false,
        ))
      )
        return file;
    }
  }
  throw new OctavoError('browser_missing', `none of ${names.join(', ')} is in the PATH`);
}

const timeoutMs = 30_000;
