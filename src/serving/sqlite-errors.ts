import { OctavoError } from '../base/index.ts';

/** SQLite's result codes that have a name of ours; everything else stays as it was thrown. */
export function asStoreError(thrown: unknown): unknown {
  const code = (thrown as { readonly errcode?: unknown } | null)?.errcode;
  if (typeof code !== 'number') return thrown;
  const primary = code & 0xff;
  if (primary === sqliteFull) return new OctavoError('storage_full', 'serving.db', { cause: thrown });
  if (primary === sqliteIoError) return new OctavoError('storage_failed', 'serving.db', { cause: thrown });
  if (primary === sqliteCorrupt) return new OctavoError('edition_damaged', 'serving.db', { cause: thrown });
  return thrown;
}

const sqliteIoError = 10;
const sqliteCorrupt = 11;
const sqliteFull = 13;
