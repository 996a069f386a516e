import { join } from 'node:path';
import { hasCode, OctavoError, type Storage } from '../../base/index.ts';

const held = new Set<string>();
let lockCount = 0;

/** Takes the folder for this process, or fails with `locked`. A lock whose process is gone is taken over. */
export async function takeLock(storage: Storage, directory: string): Promise<() => Promise<void>> {
  const path = join(directory, 'lock');
  const token = `${process.pid}-${++lockCount}`;
  await storage.makeDirectory(directory);
  for (let attempt = 0; attempt < attemptsMax; attempt++) {
    try {
      await storage.create(path, token);
      held.add(`${path} ${token}`);
      return async () => {
        held.delete(`${path} ${token}`);
        await storage.remove(path);
      };
    } catch (error) {
      if (!hasCode(error, 'storage_exists')) throw error;
    }
    const owner = (await storage.read(path)).toString();
    const pid = Number(owner.split('-', 1)[0]);
    if (pid === process.pid ? held.has(`${path} ${owner}`) : isAlive(pid)) {
      throw new OctavoError('locked', `${directory} is held by process ${pid}`);
    }
    await storage.remove(path);
  }
  throw new OctavoError('locked', `${directory} is being taken by another process`);
}

const attemptsMax = 3;

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
