import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folder of this copy of Octavo. */
export const packageFolder: string = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** How Octavo was called, as far as it matters for calling it again. */
export interface Invocation {
  readonly workingDirectory: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The `--data` that was given, absolute. */
  readonly data?: string | undefined;
  /** Folder of the project, absolute. */
  readonly root: string;
}

/** The command that reaches the same project and data from where the caller stands, for people to copy. */
export function commandFor(invocation: Invocation, home: string = packageFolder): string {
  const { workingDirectory, root, data } = invocation;
  const fromHere = (path: string): string => {
    const near = relative(workingDirectory, path);
    return quoted(near === '' ? '.' : near.startsWith(join('..', '..')) || isAbsolute(near) ? path : near);
  };
  return [
    programFor(invocation, home, fromHere),
    ...(root === workingDirectory ? [] : ['--project', fromHere(root)]),
    ...(data === undefined ? [] : ['--data', fromHere(data)]),
  ].join(' ');
}

/** `npx octavo` where npm finds it: in a checkout, and beside a local installation. */
function programFor(
  { workingDirectory, environment }: Invocation,
  home: string,
  fromHere: (path: string) => string,
): string {
  const installed = isInstalled(home);
  const local = join(resolve(workingDirectory), 'node_modules', '.bin', 'octavo');
  if (workingDirectory === home || existsSync(local) || environment['npm_command'] === 'exec')
    return 'npx octavo';
  return installed ? 'octavo' : `node ${fromHere(join(home, 'bin', 'octavo.mjs'))}`;
}

/** Whether this is an installed package, whose folder is not for the user's files. */
export function isInstalled(home: string = packageFolder): boolean {
  return home.split(/[\\/]/).includes('node_modules');
}

function quoted(text: string): string {
  return /^[\p{L}\p{N}_./:@%+=,-]+$/u.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
