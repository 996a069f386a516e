import { randomUUID } from 'node:crypto';
import type { ApiContext, ApiServer } from '../context.ts';
import { refusals } from '../problem.ts';
import { Configuration, Versions } from '../settings-schemas.ts';
import { keyRoutes } from './keys.ts';
import { userRoutes } from './users.ts';

const tags = ['Settings'];
const refused = ['key_missing', 'key_invalid', 'scope_missing'] as const;

/** People, keys, the configuration as it holds, and versions. */
export function settingsRoutes(server: ApiServer, context: ApiContext): void {
  userRoutes(server, context);
  keyRoutes(server, context);
  const { configuration, queries, shop, version } = context;

  server.get(
    '/v1/settings/configuration',
    {
      config: { scope: 'settings:write' },
      schema: {
        operationId: 'getConfiguration',
        summary: 'The configuration as it holds: each value and where it comes from; no secret is told',
        tags,
        response: { 200: Configuration, ...refusals(refused) },
      },
    },
    async () => ({
      entries: ((await configuration?.()) ?? []).map(({ value, variable, ...entry }) => ({
        ...entry,
        value: value ?? null,
        variable: variable ?? null,
      })),
    }),
  );

  server.get(
    '/v1/settings/versions',
    {
      config: { scope: 'status:read' },
      schema: {
        operationId: 'getVersions',
        summary: 'What runs here',
        tags,
        response: { 200: Versions, ...refusals(refused) },
      },
    },
    async () => ({
      parts: [
        { part: 'Octavo', version },
        { part: 'Node.js', version: process.versions.node },
        ...(await engineVersion(queries)),
        { part: 'SQLite', version: process.versions.sqlite ?? '' },
        { part: 'Apache Iceberg', version: 'v2, Parquet' },
      ],
      licence: 'Apache-2.0',
      project: shop.name,
    }),
  );
}

async function engineVersion(
  queries: ApiContext['queries'],
): Promise<readonly { readonly part: string; readonly version: string }[]> {
  if (queries === undefined) return [];
  const request = {
    id: randomUUID(),
    owner: 'octavo',
    sql: 'select version() as version',
    rowsMax: 1,
    bytesMax: 1024,
    personal: false,
  };
  const { rows } = await queries.run(request, new AbortController().signal);
  return [{ part: 'DuckDB', version: String(rows[0]?.['version']).replace(/^v/, '') }];
}
