import { existsSync, globSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/**
 * Makes a folder that is not there yet: `make` fills another beside it, which takes its name when it is whole. What a process
 * that was killed left half made is removed.
 */
export function fillFolder(folder: string, make: (begun: string) => void): void {
  if (existsSync(folder)) return;
  mkdirSync(dirname(folder), { recursive: true });
  for (const name of globSync(`${basename(folder)}.*`, { cwd: dirname(folder) })) {
    const pid = /^\d+$/.test(name.slice(basename(folder).length + 1)) ? Number(name.split('.').at(-1)) : 0;
    if (pid > 0 && !isRunning(pid)) rmSync(join(dirname(folder), name), { recursive: true, force: true });
  }
  const begun = `${folder}.${process.pid}`;
  rmSync(begun, { recursive: true, force: true });
  mkdirSync(begun);
  try {
    make(begun);
    // Another process may have been first.
    if (!existsSync(folder)) renameSync(begun, folder);
  } finally {
    rmSync(begun, { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // Another user's process may not be asked.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
