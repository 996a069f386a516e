import { join } from 'node:path';
import type { ApiKey, KeyStore } from '../api/index.ts';
import type { Platform } from './platform.ts';

/** A key that a file of the data folder keeps, so that a second start has the same; made anew when it does not serve any more. */
export async function keptKey(
  { dataFolder, storage, keys }: Platform,
  file: string,
  make: () => ReturnType<KeyStore['create']>,
  serves: (known: ApiKey) => boolean = () => true,
): Promise<string> {
  const path = join(dataFolder, file);
  const known = (await storage.read(path).catch(() => undefined))?.toString('utf8');
  const record = known === undefined ? undefined : keys.verify(known);
  if (known !== undefined && record !== undefined && serves(record)) return known;
  const { key } = make();
  await storage.write(path, key);
  return key;
}
