import assert from 'node:assert/strict';
import type { Platform } from '../../src/cli/platform.ts';
import { editionKinds, verifyEdition } from '../../src/serving/index.ts';
import { quoteName } from '../../src/warehouse/index.ts';
import type { Oracle } from './story.ts';

/** What a platform holds, without what depends on when and how often it was started. */
export interface Findings {
  /** Rows and a hash of the contents, by table. */
  readonly tables: Readonly<Record<string, string>>;
  /** Content hashes, by `kind/name/day`. */
  readonly editions: Readonly<Record<string, string>>;
}

/** Columns that say when something was done, or where it lay meanwhile. */
const circumstances = new Set([
  'received_at',
  'sent_at',
  'sealed_at',
  'user_agent',
  'log_partition',
  'log_offset',
  'raw',
  'duplicates',
]);

/** Every table's contents and every edition. */
export async function findAll({
  warehouse,
  store,
}: Pick<Platform, 'warehouse' | 'store'>): Promise<Findings> {
  const tables: Record<string, string> = {};
  for (const { id, metadata } of await warehouse.tables()) {
    const name = `${id.namespace}.${id.name}`;
    const schema = metadata.schemas.find((one) => one['schema-id'] === metadata['current-schema-id']);
    const columns = (schema?.fields ?? []).filter((field) => !circumstances.has(field.name));
    const list = columns.map((field) => quoteName(field.name)).join(', ');
    const { rows } = await warehouse.query(
      `select count(*) as n, cast(sum(hash(row(${list}))) as varchar) as hash from ${name}`,
    );
    tables[name] = `${String(rows[0]?.['n'])} ${String(rows[0]?.['hash'])}`;
  }
  return { tables, editions: await findEditions(store) };
}

/** Content hashes of every published edition; each is whole, and is the only one of its day. */
export async function findEditions(store: Platform['store']): Promise<Readonly<Record<string, string>>> {
  const editions: Record<string, string> = {};
  for (const kind of editionKinds) {
    for (const name of await store.names(kind)) {
      for (const edition of await store.history(kind, name, { limit: 1000 })) {
        const key = `${kind}/${name}/${edition.business_day}`;
        assert.equal(edition.revision, 1, `${key} was published twice`);
        assert.equal((await store.current(kind, name, edition.business_day))?.id, edition.id);
        assert.deepEqual(await verifyEdition(store, edition.id), {
          intact: true,
          content_hash: edition.content_hash,
        });
        editions[key] = edition.content_hash;
      }
    }
  }
  return editions;
}

/**
 * Every acknowledged event is in its table once, and nothing else is.
 *
 * @param failedOnce - whether refused events are there once too; they have no id to be known by behind a lost answer. Default true
 */
export async function checkEvents(
  { warehouse }: Pick<Platform, 'warehouse'>,
  oracle: Oracle,
  { failedOnce = true }: { readonly failedOnce?: boolean } = {},
): Promise<void> {
  const { rows } = await warehouse.query('select event_id, count(*) as n from raw.events group by 1');
  const found = new Map(rows.map((row) => [String(row['event_id']), Number(row['n'])]));
  const doubled = [...found].filter(([, times]) => times !== 1);
  assert.deepEqual(doubled, [], 'events are there more than once');
  for (const { id } of oracle.events) {
    assert.ok(oracle.acknowledged.has(id), `${id} was never acknowledged`);
    assert.ok(found.has(id), `${id} was acknowledged and is not there`);
  }
  assert.equal(found.size, oracle.events.length);
  for (const { id } of oracle.invalid) assert.equal(oracle.acknowledged.get(id), 'failed');
  const failed = await warehouse.query('select raw from raw.failed_events');
  const every = failed.rows.map((row) => (JSON.parse(String(row['raw'])) as { id: string }).id);
  const ids = failedOnce ? every : [...new Set(every)];
  assert.deepEqual(ids.toSorted(), oracle.invalid.map(({ id }) => id).toSorted());
}
