import { createHash } from 'node:crypto';
import { Type } from '@sinclair/typebox';
import { builtIndex, openBuiltFiles } from '../built-files.ts';
import type { ApiServer } from '../context.ts';

/** Where the tracker is, under names that a store chooses. */
export interface TrackerPlace {
  /** Folder of the built tracker. */
  readonly folder: string;
  /** Path of everything of it, e.g. `/o`. */
  readonly path: string;
  /** Name of the script, e.g. `o.js`. */
  readonly script: string;
  /** Name that events are sent to, e.g. `e`. */
  readonly send: string;
}

/** An hour; then a browser asks whether there is a newer one, and goes on with what it has meanwhile. */
const caching = 'public, max-age=3600, stale-while-revalidate=604800';

const destinations = /^[gmknt]\.js$/;

/** The tracker's script and the destinations that it loads, each by one letter. Pages of every origin may use them. */
export function trackerRoutes(server: ApiServer, { folder, path, script }: TrackerPlace): void {
  const files = openBuiltFiles(folder, 'tracker.json', Type.Object(builtIndex));
  server.get(`${path}/:name`, { schema: { hide: true } }, async (request, reply) => {
    const { name } = request.params as { readonly name: string };
    await files.build();
    const address = name === script ? '/o.js' : destinations.test(name) ? `/${name}` : '';
    const file = await files.file(address, request.headers['accept-encoding'] ?? '');
    if (file === undefined) return reply.callNotFound();
    const etag = `"${createHash('sha256').update(file.content).digest('base64url').slice(0, 22)}"`;
    reply
      .header('cache-control', caching)
      .header('etag', etag)
      .header('vary', 'accept-encoding')
      .header('access-control-allow-origin', '*')
      .header('cross-origin-resource-policy', 'cross-origin')
      .header('timing-allow-origin', '*')
      .header('x-content-type-options', 'nosniff');
    if (request.headers['if-none-match'] === etag) return reply.code(304).send();
    if (file.encoding !== undefined) reply.header('content-encoding', file.encoding);
    return reply.type(file.type).send(file.content);
  });
}

/** What the collector knows an address as that the tracker sends to; undefined for another address. */
export function collectAddress(url: string | undefined, place: TrackerPlace | undefined): string | undefined {
  if (url === undefined || place === undefined) return undefined;
  const own = `${place.path}/${place.send}`;
  if (!url.startsWith(own)) return undefined;
  const rest = url.slice(own.length);
  return rest === '' || rest.startsWith('?') ? `/v1/events${rest}` : undefined;
}
