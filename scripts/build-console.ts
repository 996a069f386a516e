import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plugin } from 'vite';
import { screenCode, sections, type Section } from '../src/console/app/sections.ts';
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
  /**
   * First parts of the addresses that are screens; for each the files that the screen needs beside those of the
   * frame, for addresses of one part, two parts and so on.
   */
  readonly sections: Readonly<Record<string, readonly (readonly string[])[]>>;
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
      manifest: manifestName,
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
          codeSplitting: {
            groups: [
              // What every page needs is one file; so are the small parts that many screens share.
              { name: 'frame', tags: ['$initial'], priority: 2 },
              { name: 'parts', test: smallParts, priority: 1 },
            ],
          },
        },
      },
    },
  });
}

/** Those that bring no library along. */
const smallParts =
  /src.console.(?:(?:data|i18n)|parts.(?:empty|error-state|figure|movement|spark|state-pill|timeline))/;
const manifestName = 'manifest.json';

/** What Vite says of a source that became a file of its own. */
interface Chunk {
  readonly file: string;
  readonly css?: readonly string[];
  readonly imports?: readonly string[];
}

/** The files of each screen that are not the frame's. */
async function screenFiles(folder: string): Promise<ConsoleIndex['sections']> {
  const manifest = JSON.parse(await readFile(join(folder, manifestName), 'utf8')) as Record<string, Chunk>;
  await rm(join(folder, manifestName));
  const filesOf = (name: string, seen = new Set<string>()): readonly string[] => {
    const chunk = manifest[name];
    if (chunk === undefined) throw new Error(`${name} is not a file of its own`);
    if (seen.has(name)) return [];
    seen.add(name);
    const imported = (chunk.imports ?? []).flatMap((one) => filesOf(one, seen));
    return [...(chunk.css ?? []), chunk.file, ...imported].map((file) =>
      file.startsWith('/') ? file : `/${file}`,
    );
  };
  const frame = new Set(filesOf('index.html'));
  const filesAt = (source: string): readonly string[] =>
    [...new Set(filesOf(`screens/${source}.tsx`))].filter((file) => !frame.has(file));
  return Object.fromEntries(
    Object.entries(sections).map(([section, path]) => [path, screenCode[section as Section].map(filesAt)]),
  );
}

async function describe(folder: string, hash: string): Promise<void> {
  const screens = await screenFiles(folder);
  const files = await describeFiles(folder);
  const html = await readFile(join(folder, 'index.html'), 'utf8');
  const inline = [...html.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(([, text = '']) => text);
  if (inline.length !== 1) throw new Error(`index.html has ${inline.length} inline scripts, expected 1`);
  const index: ConsoleIndex = {
    source: hash,
    sections: screens,
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
