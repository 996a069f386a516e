import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { glob, stat } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { OctavoError } from '../../base/index.ts';

/** One file of a source. */
export interface SourceFile {
  /** Below the source's folder; kept with every row. */
  readonly name: string;
  /** Absolute. */
  readonly path: string;
  readonly sizeBytes: number;
  readonly modifiedMs: number;
}

/** Files that one source may have. */
const filesMax = 20_000;

/** The folder that holds everything a path or glob can match. */
export function sourceFolder(path: string): string {
  const special = path.search(/[*?[{]/);
  return dirname(special < 0 ? path : `${path.slice(0, special)}x`);
}

/** The files of a path, sorted by name: a file, every file of a folder with the ending, or what a glob matches; none is no error. */
export async function listSourceFiles(
  path: string,
  ending: string,
  about: string,
): Promise<readonly SourceFile[]> {
  const info = await stat(path).catch(() => undefined);
  const folder = info?.isDirectory() === true ? path : sourceFolder(path);
  const pattern = info?.isDirectory() === true ? `*.${ending}` : relative(folder, path);
  const files: SourceFile[] = [];
  for await (const name of info?.isFile() === true ? [basename(path)] : glob(pattern, { cwd: folder })) {
    const found = await stat(join(folder, name)).catch(() => undefined);
    if (found?.isFile() !== true) continue;
    files.push({
      name,
      path: join(folder, name),
      sizeBytes: found.size,
      modifiedMs: Math.floor(found.mtimeMs),
    });
    if (files.length > filesMax)
      throw new OctavoError('source_invalid', `${about}: ${path} matches more than ${filesMax} files`);
  }
  return files.toSorted((left, right) => (left.name < right.name ? -1 : 1));
}

/** The property of a table that says a file's rows are in it. */
export function fileProperty(file: SourceFile): string {
  return `octavo.file.${file.name}`;
}

/** Of the files, those whose rows are not in the table yet, with the stamp to keep. Errors: `source_changed`. */
export async function newFiles(
  files: readonly SourceFile[],
  properties: Readonly<Record<string, string>>,
): Promise<readonly (SourceFile & { readonly stamp: string })[]> {
  const fresh: (SourceFile & { readonly stamp: string })[] = [];
  for (const file of files) {
    const known = properties[fileProperty(file)];
    if (known !== undefined && known.startsWith(`${file.sizeBytes} ${file.modifiedMs} `)) continue;
    const stamp = `${file.sizeBytes} ${file.modifiedMs} ${await contentHash(file.path)}`;
    if (known === undefined) fresh.push({ ...file, stamp });
    else if (known.split(' ').at(-1) !== stamp.split(' ').at(-1)) {
      throw new OctavoError('source_changed', `${file.name} was loaded with other contents`, {
        details: { file: file.path },
      });
    }
  }
  return fresh;
}

async function contentHash(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex').slice(0, 32);
}
