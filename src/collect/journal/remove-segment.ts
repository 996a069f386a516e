import type { Storage } from '../../base/index.ts';

/** Behind the name of a segment that is no longer part of the log, while it goes. */
export const goneEnding = '.gone';

/**
 * Removes a segment bit by bit: a file system that frees a large file at once lets every sync wait meanwhile, and with it whoever
 * waits for an answer. What a crash leaves is removed when the partition is opened.
 */
export async function removeSegment(storage: Storage, path: string): Promise<void> {
  const info = await storage.stat(path);
  if (info !== undefined && info.sizeBytes <= stepBytes) return await storage.remove(path);
  const gone = path + goneEnding;
  if (info !== undefined) await storage.rename(path, gone);
  else if ((await storage.stat(gone)) === undefined) return;
  const file = await storage.append(gone);
  try {
    for (let left = file.sizeBytes - stepBytes; left > 0; left -= stepBytes) await file.truncate(left);
  } finally {
    await file.close();
  }
  await storage.remove(gone);
}

const stepBytes = 1024 * 1024;
