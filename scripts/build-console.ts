import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Plugin } from 'vite';
import { sections } from '../src/console/app/sections.ts';

// Builds the console into dist/console, compressed, with console.json that says what is in it.
//   node scripts/build-console.ts            builds when a source has changed
//   node scripts/build-console.ts --force    builds
//   node scripts/build-console.ts --watch    builds again with every change
//   node scripts/build-console.ts --sizes    shows what a first visit loads

const root = dirname(import.meta.dirname);
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
  readonly files: Readonly<
    Record<string, { readonly bytes: number; readonly encodings: readonly ('br' | 'gzip')[] }>
  >;
}

async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
}

async function hashOfSource(): Promise<string> {
  const hash = createHash('sha256');
  const files = (await filesBelow(source)).filter((file) => !file.endsWith('.test.ts'));
  for (const file of [...files, import.meta.filename, join(root, 'package-lock.json')]) {
    hash
      .update(file.slice(root.length))
      .update('\0')
      .update(await readFile(file));
  }
  return hash.digest('hex');
}

async function builtFrom(): Promise<string | undefined> {
  try {
    return (JSON.parse(await readFile(join(target, 'console.json'), 'utf8')) as ConsoleIndex).source;
  } catch {
    return undefined;
  }
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

const compressed = new Set(['.js', '.css', '.svg', '.html']);

async function compress(file: string): Promise<readonly ('br' | 'gzip')[]> {
  const extension = extname(file);
  if (!compressed.has(extension) || extension === '.html') return [];
  const content = await readFile(file);
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
  const [br, gz] = await Promise.all([
    promisify(brotliCompress)(content, { params }),
    promisify(gzip)(content, { level: 9 }),
  ]);
  await writeFile(`${file}.br`, br);
  await writeFile(`${file}.gz`, gz);
  return ['br', 'gzip'];
}

async function describe(folder: string, hash: string): Promise<void> {
  const files: Record<string, ConsoleIndex['files'][string]> = {};
  for (const file of await filesBelow(folder)) {
    const { length } = await readFile(file);
    files[file.slice(folder.length).replaceAll('\\', '/')] = {
      bytes: length,
      encodings: await compress(file),
    };
  }
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

/** Builds beside the old one and takes its place in one move, so that a running server never sees half of it. */
async function buildConsole(hash: string): Promise<void> {
  const startedAt = performance.now();
  const [folder, old] = [`${target}.${process.pid}`, `${target}.${process.pid}.old`];
  await mkdir(dirname(target), { recursive: true });
  try {
    await bundle(folder);
    await describe(folder, hash);
    if (existsSync(target)) await rename(target, old);
    await rename(folder, target);
  } finally {
    await rm(folder, { recursive: true, force: true });
    await rm(old, { recursive: true, force: true });
  }
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  process.stderr.write(`octavo: built the console in ${seconds} s\n`);
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
const hash = await hashOfSource();
if (process.argv.includes('--force') || (await builtFrom()) !== hash) await buildConsole(hash);
if (process.argv.includes('--sizes')) await showSizes();
