import { OctavoError } from '../../base/index.ts';
import type { LoadedTable, TableId } from '../catalog-port.ts';
import { formatIcebergJson, parseIcebergJson } from '../iceberg/json.ts';
import type { PartitionSpec, Schema, SortOrder, TableRequirement, TableUpdate } from '../iceberg/metadata.ts';
import { errorResponse } from './rest-error.ts';
import type { FullCatalog } from './full-catalog.ts';

/** A request of the Iceberg REST protocol, as any HTTP server can hand it over. */
export interface RestRequest {
  readonly method: string;
  /** Path below the mount point, still percent-encoded: `/v1/namespaces/raw/tables`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  /** The body as text: snapshot ids do not survive a plain `JSON.parse`. */
  readonly body?: string;
}

/** The answer; `formatRestBody` makes its text. */
export interface RestResponse {
  readonly status: number;
  readonly body?: unknown;
}

/** Answers requests of the protocol; never rejects. */
export type RestHandler = (request: RestRequest) => Promise<RestResponse>;

/** The text of an answer's body; empty for 204. Send it as `application/json`. */
export function formatRestBody(response: RestResponse): string {
  return response.body === undefined ? '' : formatIcebergJson(response.body);
}

interface Call {
  readonly catalog: FullCatalog;
  /** The decoded parts of the path that a route's braces name. */
  readonly namespace: string;
  readonly table: string;
  readonly query: Readonly<Record<string, string | undefined>>;
  readonly body: Readonly<Record<string, unknown>>;
}

type Route = (call: Call) => Promise<RestResponse>;

/**
 * The Iceberg REST catalogue over a catalogue of ours
 * (https://github.com/apache/iceberg/blob/main/open-api/rest-catalog-open-api.yaml), so that
 * Spark, Trino, PyIceberg and others read and commit through the same compare-and-swap.
 */
export function createRestHandler(options: { readonly catalog: FullCatalog }): RestHandler {
  const { catalog } = options;
  const table = [...routes].map(([pattern, run]) => {
    const [method, path] = pattern.split(' ') as [string, string];
    const source = path.replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)');
    return { method, run, expression: new RegExp(`^${source}/?$`) };
  });
  return async (request) => {
    try {
      const matches = table.filter((route) => route.expression.test(request.path));
      const route = matches.find((item) => item.method === request.method);
      if (route === undefined) return unknownRoute(request, matches.length > 0);
      const groups = route.expression.exec(request.path)?.groups ?? {};
      return await route.run({
        catalog,
        namespace: decodeURIComponent(groups['namespace'] ?? '').replaceAll('\x1f', '.'),
        table: decodeURIComponent(groups['table'] ?? ''),
        query: request.query ?? {},
        body: parseBody(request.body),
      });
    } catch (error) {
      return errorResponse(error);
    }
  };
}

const routes: ReadonlyMap<string, Route> = new Map<string, Route>([
  ['GET /v1/config', async () => ok({ defaults: {}, overrides: {}, endpoints: endpoints() })],
  ['GET /v1/namespaces', listNamespaces],
  ['POST /v1/namespaces', createNamespace],
  ['GET /v1/namespaces/{namespace}', loadNamespace],
  [
    'HEAD /v1/namespaces/{namespace}',
    async (call) => empty(await call.catalog.namespaceProperties(call.namespace)),
  ],
  [
    'DELETE /v1/namespaces/{namespace}',
    async (call) => empty(await call.catalog.dropNamespace(call.namespace)),
  ],
  ['POST /v1/namespaces/{namespace}/properties', updateNamespace],
  ['GET /v1/namespaces/{namespace}/tables', listTables],
  ['POST /v1/namespaces/{namespace}/tables', createTable],
  ['POST /v1/namespaces/{namespace}/register', registerTable],
  [
    'GET /v1/namespaces/{namespace}/tables/{table}',
    async (call) => loaded(await call.catalog.load(idOf(call))),
  ],
  [
    'HEAD /v1/namespaces/{namespace}/tables/{table}',
    async (call) => empty(await call.catalog.load(idOf(call))),
  ],
  ['POST /v1/namespaces/{namespace}/tables/{table}', commitTable],
  ['DELETE /v1/namespaces/{namespace}/tables/{table}', dropTable],
  ['POST /v1/namespaces/{namespace}/tables/{table}/metrics', async () => ({ status: 204 })],
  ['POST /v1/tables/rename', renameTable],
  ['POST /v1/transactions/commit', commitTransaction],
]);

function endpoints(): readonly string[] {
  return [...routes.keys()]
    .filter((pattern) => pattern !== 'GET /v1/config')
    .map((pattern) => pattern.replace('/v1/', '/v1/{prefix}/'));
}

async function listNamespaces({ catalog, query }: Call): Promise<RestResponse> {
  // Namespaces are flat: below one there are none.
  if (query['parent'] !== undefined && query['parent'] !== '') return ok({ namespaces: [] });
  return ok({ namespaces: (await catalog.namespaces()).map((name) => [name]) });
}

async function createNamespace({ catalog, body }: Call): Promise<RestResponse> {
  const namespace = namespaceOf(body['namespace']);
  const properties = textMap(body['properties'] ?? {}, 'properties');
  await catalog.createNamespace(namespace, properties);
  return ok({ namespace: [namespace], properties });
}

async function loadNamespace({ catalog, namespace }: Call): Promise<RestResponse> {
  return ok({ namespace: [namespace], properties: await catalog.namespaceProperties(namespace) });
}

async function updateNamespace({ catalog, namespace, body }: Call): Promise<RestResponse> {
  const before = await catalog.namespaceProperties(namespace);
  const updates = textMap(body['updates'] ?? {}, 'updates');
  const removals = (body['removals'] ?? []) as readonly string[];
  const kept = Object.entries(before).filter(([key]) => !removals.includes(key));
  await catalog.setNamespaceProperties(namespace, { ...Object.fromEntries(kept), ...updates });
  return ok({
    updated: Object.keys(updates),
    removed: removals.filter((key) => key in before),
    missing: removals.filter((key) => !(key in before)),
  });
}

async function listTables({ catalog, namespace }: Call): Promise<RestResponse> {
  const identifiers = (await catalog.tables(namespace)).map((id) => ({
    namespace: [id.namespace],
    name: id.name,
  }));
  return ok({ identifiers });
}

async function createTable({ catalog, namespace, body }: Call): Promise<RestResponse> {
  const id = { namespace, name: text(body['name'], 'name') };
  const updates = creationUpdates(body);
  if (body['stage-create'] === true) {
    const staged = await catalog.stage(id, updates);
    return ok({ metadata: staged.metadata, config: {} });
  }
  try {
    return loaded(await catalog.commit(id, [{ type: 'assert-create' }], updates));
  } catch (error) {
    // To create what exists is no race: the caller must not try again.
    const exists = error instanceof OctavoError && error.code === 'commit_conflict';
    throw exists ? new OctavoError('table_exists', `${namespace}.${id.name}`, { cause: error }) : error;
  }
}

function creationUpdates(body: Readonly<Record<string, unknown>>): readonly TableUpdate[] {
  const schema = body['schema'] as Schema | undefined;
  if (schema === undefined) throw new OctavoError('argument_invalid', `'schema' is missing`);
  const { 'format-version': version, ...properties } = textMap(body['properties'] ?? {}, 'properties');
  if (version !== undefined && version !== '2')
    throw new OctavoError('table_unsupported', `format version ${version}; Octavo writes version 2`);
  const location = body['location'] as string | null | undefined;
  return [
    ...(location ? [{ action: 'set-location' as const, location }] : []),
    { action: 'add-schema', schema },
    { action: 'set-current-schema', 'schema-id': -1 },
    {
      action: 'add-spec',
      spec: (body['partition-spec'] as PartitionSpec | null | undefined) ?? { 'spec-id': 0, fields: [] },
    },
    { action: 'set-default-spec', 'spec-id': -1 },
    {
      action: 'add-sort-order',
      'sort-order': (body['write-order'] as SortOrder | null | undefined) ?? { 'order-id': 0, fields: [] },
    },
    { action: 'set-default-sort-order', 'sort-order-id': -1 },
    { action: 'set-properties', updates: properties },
  ];
}

async function registerTable({ catalog, namespace, body }: Call): Promise<RestResponse> {
  const id = { namespace, name: text(body['name'], 'name') };
  const location = text(body['metadata-location'], 'metadata-location');
  return loaded(await catalog.register(id, location, { overwrite: body['overwrite'] === true }));
}

async function commitTable(call: Call): Promise<RestResponse> {
  const { requirements, updates } = changeOf(call.body);
  return loaded(await call.catalog.commit(idOf(call), requirements, updates));
}

async function commitTransaction({ catalog, body }: Call): Promise<RestResponse> {
  const changes = (body['table-changes'] ?? []) as readonly Readonly<Record<string, unknown>>[];
  await catalog.commitAll(
    changes.map((change) => ({ id: identifier(change['identifier']), ...changeOf(change) })),
  );
  return { status: 204 };
}

async function dropTable(call: Call): Promise<RestResponse> {
  const purge = call.query['purgeRequested']?.toLowerCase() === 'true';
  return empty(await call.catalog.drop(idOf(call), { purge }));
}

async function renameTable({ catalog, body }: Call): Promise<RestResponse> {
  return empty(await catalog.rename(identifier(body['source']), identifier(body['destination'])));
}

function changeOf(body: Readonly<Record<string, unknown>>): {
  readonly requirements: readonly TableRequirement[];
  readonly updates: readonly TableUpdate[];
} {
  const { requirements = [], updates = [] } = body;
  if (!Array.isArray(requirements) || !Array.isArray(updates)) {
    throw new OctavoError('argument_invalid', `'requirements' and 'updates' must be lists`);
  }
  return { requirements: requirements as TableRequirement[], updates: updates as TableUpdate[] };
}

function loaded(table: LoadedTable): RestResponse {
  return ok({ 'metadata-location': table.metadataLocation, metadata: table.metadata, config: {} });
}

function idOf(call: Call): TableId {
  return { namespace: call.namespace, name: call.table };
}

function identifier(value: unknown): TableId {
  const { namespace, name } = (value ?? {}) as { readonly namespace?: unknown; readonly name?: unknown };
  return { namespace: namespaceOf(namespace), name: text(name, 'name') };
}

function namespaceOf(value: unknown): string {
  if (!Array.isArray(value) || value.length !== 1) {
    throw new OctavoError('argument_invalid', `'namespace' must be a list of one name: namespaces are flat`);
  }
  return text(value[0], 'namespace');
}

function text(value: unknown, name: string): string {
  if (typeof value !== 'string' || value === '')
    throw new OctavoError('argument_invalid', `'${name}' must be a text`);
  return value;
}

function textMap(value: unknown, name: string): Readonly<Record<string, string>> {
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : undefined;
  if (entries === undefined || entries.some(([, item]) => typeof item !== 'string')) {
    throw new OctavoError('argument_invalid', `'${name}' must be an object of texts`);
  }
  return value as Record<string, string>;
}

function parseBody(body: string | undefined): Readonly<Record<string, unknown>> {
  if (body === undefined || body === '') return {};
  try {
    const parsed = parseIcebergJson(body);
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed))
      return parsed as Record<string, unknown>;
  } catch (cause) {
    throw new OctavoError('argument_invalid', 'the body is no JSON', { cause });
  }
  throw new OctavoError('argument_invalid', 'the body must be a JSON object');
}

function unknownRoute(request: RestRequest, knownPath: boolean): RestResponse {
  const status = knownPath ? 405 : 404;
  const message = `${request.method} ${request.path} is no route of this catalogue`;
  return { status, body: { error: { message, type: 'BadRequestException', code: status } } };
}

function ok(body: unknown): RestResponse {
  return { status: 200, body };
}

// What the call gave is not part of the answer.
function empty(_done: unknown): RestResponse {
  return { status: 204 };
}
