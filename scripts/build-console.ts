import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plugin } from 'vite';
import { sections } from '../src/console/app/sections.ts';
import {
  builtFrom,
  describeFiles,
  filesBelow,
  hashOfSource,
  replaceFolder,
  root,
  type BuiltFile,
} from './browser-build.ts';

// Builds the console into dist/console, compressed, with console.json that says what is in it.
//   node scripts/build-console.ts            builds when a source has changed
//   node scripts/build-console.ts --force    builds
//   node scripts/build-console.ts --watch    builds again with every change
//   node scripts/build-console.ts --sizes    shows what a first visit loads

const source = join(root, 'src', 'console');
const target = join(root, 'dist', 'console');

/** What the API reads to serve the console. */
interface ConsoleIndex {
  /** Hash of everything that it was built from. */
  readonly source: string;
  /** First parts of the addresses that are screens. */
  readonly sections: readonly string[];
  /** Hash of the one inline script, for the Content-Security-Policy. */
  readonly scriptHash: string;
  /** Every file by its address. */
  readonly files: Readonly<Record<string, BuiltFile>>;
}

/** Every browser that the console is for reads woff2; the older twin of each font file is left out. */
const woff2Only: Plugin = {
  name: 'woff2-only',
  enforce: 'pre',
  transform: (code, id) =>
    id.includes('fonts.css') || id.includes('@fontsource')
      ? code.replaceAll(/,\s*url\([^)]+\.woff\)\s*format\('woff'\)/g, '')
      : undefined,
};

async function bundle(folder: string): Promise<void> {
  const { build } = await import('vite');
  await build({
    root: source,
    configFile: false,
    publicDir: false,
    logLevel: 'warn',
    plugins: [woff2Only],
    build: {
      outDir: folder,
      emptyOutDir: true,
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      chunkSizeWarningLimit: 1000,
      rolldownOptions: {
        onLog: (level, log, handle) => {
          // `use client` has no meaning in a bundle that is all client.
          if (log.code !== 'MODULE_LEVEL_DIRECTIVE') handle(level, log);
        },
        output: {
          assetFileNames: 'assets/[name]-[hash][extname]',
          chunkFileNames: 'assets/[name]-[hash].js',
          entryFileNames: 'assets/[name]-[hash].js',
        },
      },
    },
  });
}

async function describe(folder: string, hash: string): Promise<void> {
  const files = await describeFiles(folder);
  const html = await readFile(join(folder, 'index.html'), 'utf8');
  const inline = [...html.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(([, text = '']) => text);
  if (inline.length !== 1) throw new Error(`index.html has ${inline.length} inline scripts, expected 1`);
  const index: ConsoleIndex = {
    source: hash,
    sections: Object.values(sections),
    scriptHash: `sha256-${createHash('sha256')
      .update(inline[0] ?? '')
      .digest('base64')}`,
    files,
  };
  await writeFile(join(folder, 'console.json'), JSON.stringify(index, null, 1));
}

async function buildConsole(hash: string): Promise<void> {
  const { seconds } = await replaceFolder(target, async (folder) => {
    await bundle(folder);
    await describe(folder, hash);
  });
  process.stderr.write(`octavo: built the console in ${seconds.toFixed(1)} s\n`);
}

async function showSizes(): Promise<void> {
  const html = await readFile(join(target, 'index.html'), 'utf8');
  const first = new Set([...html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, path = '']) => path));
  const rows = [];
  for (const file of await filesBelow(join(target, 'assets'))) {
    if (!/\.(js|css)$/.test(file)) continue;
    const path = file.slice(target.length);
    const [raw, gz, br] = await Promise.all(
      [file, `${file}.gz`, `${file}.br`].map(async (one) => (await readFile(one)).length),
    );
    rows.push({ file: path, raw, gzip: gz, brotli: br, first: first.has(path) });
  }
  // eslint-disable-next-line no-console
  console.table(rows.toSorted((a, b) => Number(b.first) - Number(a.first) || (b.gzip ?? 0) - (a.gzip ?? 0)));
}

async function watch(): Promise<void> {
  const { watch: changes } = await import('node:fs/promises');
  const again = (): void => void spawnSync(process.execPath, [import.meta.filename], { stdio: 'inherit' });
  again();
  let waiting: NodeJS.Timeout | undefined;
  for await (const _change of changes(source, { recursive: true })) {
    clearTimeout(waiting);
    waiting = setTimeout(again, 200);
  }
}

if (process.argv.includes('--watch')) await watch();
const hash = await hashOfSource(source, [import.meta.filename]);
if (process.argv.includes('--force') || (await builtFrom(join(target, 'console.json'))) !== hash)
  await buildConsole(hash);
if (process.argv.includes('--sizes')) await showSizes();
