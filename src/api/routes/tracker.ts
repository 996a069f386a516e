import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
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

/** An answer, before it is sent. */
export interface FileAnswer {
  readonly status: 200 | 304;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | undefined;
}

/** The tracker's script and the destinations that it loads, each by one letter, for pages of every origin. */
export interface TrackerFiles {
  /** Undefined for a name that is none of them. */
  answer(name: string, headers: IncomingHttpHeaders): Promise<FileAnswer | undefined>;
}

export function openTrackerFiles({ folder, script }: TrackerPlace): TrackerFiles {
  const files = openBuiltFiles(folder, 'tracker.json', Type.Object(builtIndex));
  return {
    answer: async (name, asked) => {
      await files.build();
      const address = name === script ? '/o.js' : destinations.test(name) ? `/${name}` : '';
      const file = await files.file(address, [asked['accept-encoding'] ?? ''].flat().join());
      if (file === undefined) return undefined;
      const etag = `"${createHash('sha256').update(file.content).digest('base64url').slice(0, 22)}"`;
      const headers = {
        'cache-control': caching,
        etag,
        vary: 'accept-encoding',
        'access-control-allow-origin': '*',
        'cross-origin-resource-policy': 'cross-origin',
        'timing-allow-origin': '*',
        'x-content-type-options': 'nosniff',
      };
      if (asked['if-none-match'] === etag) return { status: 304, headers, body: undefined };
      const encoding = file.encoding === undefined ? {} : { 'content-encoding': file.encoding };
      return {
        status: 200,
        headers: { ...headers, ...encoding, 'content-type': file.type },
        body: file.content,
      };
    },
  };
}

/** Serves them. */
export function trackerRoutes(server: ApiServer, place: TrackerPlace): void {
  const files = openTrackerFiles(place);
  server.get(`${place.path}/:name`, { schema: { hide: true } }, async (request, reply) => {
    const { name } = request.params as { readonly name: string };
    const answer = await files.answer(name, request.headers);
    if (answer === undefined) return reply.callNotFound();
    return reply
      .code(answer.status)
      .headers(answer.headers)
      .send(answer.body ?? '');
  });
}

/** The same in a process that has no API: what its addresses mean to the collector, and its files. */
export function trackerOf(place: TrackerPlace): {
  address(url: string | undefined): string | undefined;
  answer(path: string, headers: IncomingHttpHeaders): Promise<FileAnswer | undefined>;
} {
  const files = openTrackerFiles(place);
  const start = `${place.path}/`;
  return {
    address: (url) => collectAddress(url, place),
    answer: async (path, headers) =>
      path.startsWith(start) ? files.answer(path.slice(start.length), headers) : undefined,
  };
}

/** What the collector knows an address as that the tracker sends to; undefined for another address. */
export function collectAddress(url: string | undefined, place: TrackerPlace | undefined): string | undefined {
  if (url === undefined || place === undefined) return undefined;
  const own = `${place.path}/${place.send}`;
  if (!url.startsWith(own)) return undefined;
  const rest = url.slice(own.length);
  return rest === '' || rest.startsWith('?') ? `/v1/events${rest}` : undefined;
}
