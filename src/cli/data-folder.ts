import { constants } from 'node:fs';
import { access, mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { OctavoError } from '../base/index.ts';

/** Whether anything is at the data folder's place yet. */
export async function dataFolderExists(folder: string): Promise<boolean> {
  return (await kindOf(folder)) !== undefined;
}

/**
 * Makes the data folder where it is missing, with what lies above it, one folder at a time: where none can be made (as in
 * `/proc`), Node's own recursive call never ends. Errors: `argument_invalid` when it is no folder, or cannot be made or
 * written to.
 */
export async function makeDataFolder(folder: string): Promise<void> {
  const missing: string[] = [];
  let above = folder;
  for (; ; above = dirname(above)) {
    const kind = await kindOf(above);
    if (kind === 'other')
      throw refusal(folder, `${above === folder ? 'it' : `'${above}'`} is a file, not a folder`);
    if (kind === 'folder') break;
    missing.push(above);
  }
  for (const path of missing.toReversed())
    await mkdir(path).catch(async (cause: NodeJS.ErrnoException) => {
      // Another process may have made it in between.
      if (cause.code === 'EEXIST' && (await kindOf(path)) === 'folder') return;
      throw refusal(folder, `'${path}' cannot be made (${cause.code})`, cause);
    });
  await access(folder, constants.R_OK | constants.W_OK | constants.X_OK).catch(
    (cause: NodeJS.ErrnoException) => {
      throw refusal(folder, `it cannot be written to (${cause.code})`, cause);
    },
  );
}

async function kindOf(path: string): Promise<'folder' | 'other' | undefined> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'other';
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    // Under a file there is nothing: the file itself is found further up.
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw refusal(path, `it cannot be looked at (${code})`, cause);
  }
}

function refusal(folder: string, about: string, cause?: unknown): OctavoError {
  return new OctavoError(
    'argument_invalid',
    `the data folder '${folder}': ${about}; choose another with --data`,
    {
      cause,
    },
  );
}
