import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

/** What the server reads of every built file. */
export interface BuiltFile {
  readonly bytes: number;
  readonly encodings: readonly ('br' | 'gzip')[];
}

export const root = dirname(import.meta.dirname);

export async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
}

/** Hash of everything that a build is made from: a folder of sources, and other files. */
export async function hashOfSource(folder: string, others: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  const files = (await filesBelow(folder)).filter((file) => !file.endsWith('.test.ts'));
  for (const file of [...files, ...others, import.meta.filename, join(root, 'package-lock.json')]) {
    hash
      .update(file.slice(root.length))
      .update('\0')
      .update(await readFile(file));
  }
  return hash.digest('hex');
}

/** Hash of what an earlier build was made from, by its index. */
export async function builtFrom(index: string): Promise<string | undefined> {
  try {
    return (JSON.parse(await readFile(index, 'utf8')) as { readonly source: string }).source;
  } catch {
    return undefined;
  }
}

const compressed = new Set(['.js', '.css', '.svg']);

async function compress(file: string): Promise<BuiltFile['encodings']> {
  if (!compressed.has(extname(file))) return [];
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

/** Compresses the files of a build; each by its address. */
export async function describeFiles(folder: string): Promise<Readonly<Record<string, BuiltFile>>> {
  const files: Record<string, BuiltFile> = {};
  for (const file of await filesBelow(folder)) {
    const { length } = await readFile(file);
    files[file.slice(folder.length).replaceAll('\\', '/')] = {
      bytes: length,
      encodings: await compress(file),
    };
  }
  return files;
}

/** Builds beside the old one and takes its place in one move, so that a running server never sees half of it. */
export async function replaceFolder(
  target: string,
  make: (folder: string) => Promise<void>,
): Promise<{ readonly seconds: number }> {
  const startedAt = performance.now();
  const [folder, old] = [`${target}.${process.pid}`, `${target}.${process.pid}.old`];
  await mkdir(dirname(target), { recursive: true });
  try {
    await make(folder);
    if (existsSync(target)) await rename(target, old);
    await rename(folder, target);
  } finally {
    await rm(folder, { recursive: true, force: true });
    await rm(old, { recursive: true, force: true });
  }
  return { seconds: (performance.now() - startedAt) / 1000 };
}
