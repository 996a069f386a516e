import { createHash } from 'node:crypto';
import { canonicalJson } from '../base/index.ts';
import type { EditionEntry, EditionPart, ServingStore } from './store-port.ts';

/** SHA-256 (hexadecimal) of one part: its name, then every entry in order, one canonical JSON line each. */
export function partDigest(part: EditionPart): string {
  const hash = createHash('sha256');
  let text = `${canonicalJson(part.part)}\n`;
  for (const entry of part.entries) {
    text += `${entryLine(entry)}\n`;
    if (text.length < hashedAtOnce) continue;
    hash.update(text);
    text = '';
  }
  return hash.update(text).digest('hex');
}

/** Characters that are hashed together: a call for each line would cost more than the hashing. */
const hashedAtOnce = 65_536;

/**
 * The content hash of an edition: SHA-256 over `name digest` lines of its parts, sorted by
 * name (by code unit), so that the order in which a producer made them does not matter.
 */
export function contentHash(parts: readonly { readonly part: string; readonly digest: string }[]): string {
  const hash = createHash('sha256');
  for (const { part, digest } of parts.toSorted((left, right) => byCodeUnit(left.part, right.part))) {
    hash.update(`${canonicalJson(part)} ${digest}\n`);
  }
  return hash.digest('hex');
}

/** What is wrong with a stored edition; an intact one has no differences. */
export interface Verification {
  readonly intact: boolean;
  /** The hash of what is stored now. */
  readonly content_hash: string;
}

/** Reads a whole edition and hashes it again. Errors: `edition_not_found`. */
export async function verifyEdition(
  store: ServingStore,
  editionId: string,
): Promise<Verification | undefined> {
  const edition = await store.edition(editionId);
  if (edition === undefined) return undefined;
  const digests = [];
  for (const part of await store.parts(editionId)) {
    const read = await store.read(editionId, part, { from: 0, limit: Number.MAX_SAFE_INTEGER });
    if (read !== undefined) digests.push({ part, digest: partDigest({ part, entries: read.entries }) });
  }
  const content_hash = contentHash(digests);
  return { intact: content_hash === edition.content_hash, content_hash };
}

/** Orders texts by code unit: the same on every machine, whatever its locale. */
function byCodeUnit(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function entryLine(entry: EditionEntry): string {
  return canonicalJson({ key: entry.key, body: entry.body });
}
