import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { IcebergRestCatalog } from 'iceberg-js';
import { fileStorage, manualClock, seededRandom } from '../../base/index.ts';
import { createRestHandler, formatRestBody } from './rest.ts';
import { createSqliteCatalog } from './sqlite-catalog.ts';

const id = { namespace: ['raw'], name: 'events' };
const schema = {
  type: 'struct' as const,
  'schema-id': 0,
  fields: [{ id: 1, name: 'id', type: 'long', required: false }],
};

describe('the Iceberg REST catalogue', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'octavo-rest-'));
  const catalog = createSqliteCatalog({
    path: join(folder, 'catalog.db'),
    warehouseFolder: join(folder, 'warehouse'),
    storage: fileStorage(),
    clock: manualClock(1_700_000_000_000),
    random: seededRandom(1),
  });
  const handle = createRestHandler({ catalog });
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (bytes: Buffer) => chunks.push(bytes));
    request.on('end', () => {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
      const body = Buffer.concat(chunks).toString();
      void handle({
        method: request.method ?? '',
        path: pathname,
        query: Object.fromEntries(searchParams),
        body,
      }).then((answer) => {
        return response
          .writeHead(answer.status, { 'content-type': 'application/json' })
          .end(formatRestBody(answer));
      });
    });
  });
  let client: IcebergRestCatalog;
  let url: string;

  before(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    client = new IcebergRestCatalog({ baseUrl: url, auth: { type: 'none' } });
  });
  after(async () => {
    server.closeAllConnections();
    server.close();
    await catalog.close();
    await rm(folder, { recursive: true });
  });

  it('names its routes', async () => {
    const answer = (await (await fetch(`${url}/v1/config`)).json()) as { endpoints: string[] };
    assert.ok(answer.endpoints.includes('POST /v1/{prefix}/namespaces/{namespace}/tables/{table}'));
  });

  it('makes, finds, changes and drops namespaces and tables for a client of other hands', async () => {
    await client.createNamespace({ namespace: ['raw'] }, { properties: { owner: 'us' } });
    await assert.rejects(client.createNamespace({ namespace: ['raw'] }), /already exists|exists already/i);
    assert.equal(await client.namespaceExists({ namespace: ['raw'] }), true);
    assert.equal(await client.tableExists(id), false);
    const metadata = await client.createTable({ namespace: ['raw'] }, { name: 'events', schema });
    assert.equal(metadata['format-version'], 2);
    await assert.rejects(
      client.createTable({ namespace: ['raw'] }, { name: 'events', schema }),
      (error: { status: number }) => error.status === 409,
    );
    assert.equal(await client.tableExists(id), true);
    const updated = await client.updateTable(id, {
      requirements: [],
      updates: [{ action: 'set-properties', updates: { a: 'b' } }],
    });
    assert.equal(updated.metadata.properties?.['a'], 'b');
  });

  it('lets exactly one of two racing commits win', async () => {
    const race = { namespace: ['raw'], name: 'race' };
    await client.createTable({ namespace: ['raw'] }, { name: 'race', schema });
    for (let round = 0; round < 5; round++) {
      const change = (name: string) =>
        client.updateTable(race, {
          requirements: [{ type: 'assert-current-schema-id', 'current-schema-id': round }],
          updates: [
            {
              action: 'add-schema',
              schema: {
                ...schema,
                fields: [{ id: 1, name: `${name}${round}`, type: 'long', required: false }],
              },
            },
            { action: 'set-current-schema', 'schema-id': -1 },
          ],
        });
      const results = await Promise.allSettled([change('left'), change('right')]);
      const lost = results
        .filter((result) => result.status === 'rejected')
        .map((result) => result.reason as { status: number });
      assert.deepEqual(
        lost.map((reason) => reason.status),
        [409],
      );
    }
  });

  it('answers errors in the shape of the protocol', async () => {
    const call = async (method: string, path: string, body?: string): Promise<[number, string]> => {
      const answer = await handle({ method, path, ...(body === undefined ? {} : { body }) });
      return [answer.status, (answer.body as { error: { type: string } }).error.type];
    };
    assert.deepEqual(await call('GET', '/v1/namespaces/raw/tables/none'), [404, 'NoSuchTableException']);
    assert.deepEqual(await call('GET', '/v1/namespaces/none'), [404, 'NoSuchNamespaceException']);
    assert.deepEqual(await call('POST', '/v1/namespaces', '{'), [400, 'BadRequestException']);
    assert.deepEqual(await call('POST', '/v1/namespaces/raw/tables', '{"name":"x"}'), [
      400,
      'BadRequestException',
    ]);
    assert.deepEqual(await call('PUT', '/v1/namespaces'), [405, 'BadRequestException']);
    assert.deepEqual(await call('GET', '/v2/else'), [404, 'BadRequestException']);
    assert.deepEqual(await call('DELETE', '/v1/namespaces/raw'), [409, 'NamespaceNotEmptyException']);
  });

  it('keeps 64-bit ids on the wire', async () => {
    const snapshotId = 2n ** 62n + 1n;
    const path = '/v1/namespaces/raw/tables/race';
    const body = `{"requirements":[],"updates":[{"action":"add-snapshot","snapshot":{"snapshot-id":${snapshotId},"sequence-number":1,
      "timestamp-ms":1700000000000,"manifest-list":"/x.avro","summary":{"operation":"append"}}},
      {"action":"set-snapshot-ref","ref-name":"main","type":"branch","snapshot-id":${snapshotId}}]}`;
    const answer = await handle({ method: 'POST', path, body });
    assert.equal(answer.status, 200);
    assert.ok(
      formatRestBody(await handle({ method: 'GET', path })).includes(`"current-snapshot-id":${snapshotId}`),
    );
  });
});
