import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hasCode, type ErrorCode } from '../../base/index.ts';
import type { Catalog } from '../catalog-port.ts';
import type { TableUpdate } from '../iceberg/metadata.ts';
import { createSchema } from '../iceberg/schema.ts';

/** What a test of the contract needs of a backend. */
export interface CatalogBackend {
  /** An empty catalogue; `second` is another instance over the same state, as another process would have it. */
  open(): Promise<{ readonly first: Catalog; readonly second: Catalog }>;
}

/** What every catalogue must do. */
export function catalogContract(name: string, backend: CatalogBackend): void {
  const id = { namespace: 'raw', name: 'events' };
  const creation: readonly TableUpdate[] = [
    { action: 'add-schema', schema: createSchema([{ name: 'id', type: 'long' }]) },
    { action: 'set-current-schema', 'schema-id': -1 },
  ];
  const property = (key: string, value: string): readonly TableUpdate[] => [
    { action: 'set-properties', updates: { [key]: value } },
  ];
  const refuses = (code: ErrorCode, promise: Promise<unknown>): Promise<void> =>
    assert.rejects(promise, (error) => hasCode(error, code));

  describe(`the catalogue on ${name}`, () => {
    it('keeps namespaces and tables', async () => {
      const { first, second } = await backend.open();
      await first.createNamespace('raw', { owner: 'us' });
      await refuses('namespace_exists', first.createNamespace('raw'));
      await refuses('namespace_not_found', first.tables('none'));
      await refuses('table_not_found', first.load(id));
      const table = await first.commit(id, [{ type: 'assert-create' }], creation);
      assert.deepEqual((await second.load(id)).metadata, table.metadata);
      assert.deepEqual(await second.tables('raw'), [id]);
      await refuses('commit_conflict', second.commit(id, [{ type: 'assert-create' }], creation));
      await refuses('table_not_found', second.commit({ ...id, name: 'other' }, [], property('a', 'b')));
      await second.drop(id);
      await refuses('table_not_found', first.load(id));
      await Promise.all([first.close(), second.close()]);
    });

    it('lets exactly one of two racing commits win', async () => {
      const { first, second } = await backend.open();
      await first.createNamespace('raw');
      await first.commit(id, [{ type: 'assert-create' }], creation);
      for (let round = 0; round < 5; round++) {
        const schema = createSchema([{ name: `column_${round}`, type: 'long' }]);
        const requirement = { type: 'assert-current-schema-id', 'current-schema-id': round } as const;
        const updates: readonly TableUpdate[] = [
          { action: 'add-schema', schema },
          { action: 'set-current-schema', 'schema-id': -1 },
        ];
        const results = await Promise.allSettled([
          first.commit(id, [requirement], updates),
          second.commit(id, [requirement], updates),
        ]);
        assert.deepEqual(results.map((result) => result.status).toSorted(), ['fulfilled', 'rejected']);
        const lost = results.find((result) => result.status === 'rejected');
        assert.ok(hasCode(lost?.reason, 'commit_conflict'));
      }
      await Promise.all([first.close(), second.close()]);
    });

    it('loses no commit that requires nothing', async () => {
      const { first, second } = await backend.open();
      await first.createNamespace('raw');
      await first.commit(id, [{ type: 'assert-create' }], creation);
      const commits = Array.from({ length: 12 }, (_, index) =>
        (index % 2 === 0 ? first : second).commit(id, [], property(`key${index}`, 'x')),
      );
      await Promise.all(commits);
      assert.equal(Object.keys((await first.load(id)).metadata.properties).length, 12);
      await Promise.all([first.close(), second.close()]);
    });
  });
}
