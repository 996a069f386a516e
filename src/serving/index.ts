/** Editions: immutable outputs for one business day, and the store that serves them. */
export {
  editionKinds,
  type Edition,
  type EditionDay,
  type EditionDraft,
  type EditionEntry,
  type EditionKind,
  type EditionPart,
  type ServingStore,
} from './store-port.ts';
export { contentHash, partDigest, verifyEdition, type Verification } from './content-hash.ts';
export { openSqliteStore, type SqliteStoreOptions } from './sqlite-store.ts';
