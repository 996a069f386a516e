import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { FastifyReply } from 'fastify';
import type { ApiServer } from '../context.ts';
import type { TrackerPlace } from './tracker.ts';

/** A folder of pages of a store, to try the tracker with. */
export interface StorePages {
  readonly folder: string;
  /** The key with which the pages send events; undefined until there is one. */
  readonly key: () => string | undefined;
}

/** Only names like these are files of the store; no address leads out of its folder. */
const fileName = /^[a-z0-9][a-z0-9-]*\.(js|css|svg|png)$/;

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
};

/** Nothing from other hosts, no script or style inside the page. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The store under `/store/`: its files, and for every other address its page, which finds its way itself. */
export function storePageRoutes(server: ApiServer, pages: StorePages, tracker: TrackerPlace): void {
  const { folder, key } = pages;
  // With the slash and without it the router sees one address, but the browser's is to have it.
  server.get('/store', { schema: { hide: true } }, async (request, reply) =>
    /^\/store(\?|$)/.test(request.url) ? reply.redirect('/store/') : answer('', reply),
  );
  server.get('/store/*', { schema: { hide: true } }, async (request, reply) =>
    answer((request.params as { readonly '*': string })['*'], reply),
  );
  const answer = async (address: string, reply: FastifyReply): Promise<unknown> => {
    const isFile = fileName.test(address);
    const content = await readFile(join(folder, isFile ? address : 'index.html'), 'utf8').catch(
      () => undefined,
    );
    if (content === undefined || (!isFile && address.includes('.'))) return reply.callNotFound();
    reply.header('cache-control', 'no-cache').header('x-content-type-options', 'nosniff');
    if (isFile) return reply.type(types[extname(address)] ?? 'text/plain').send(content);
    const { path, script, send } = tracker;
    const filled: Readonly<Record<string, string>> = {
      script: `${path}/${script}`,
      send: `${path}/${send}`,
      key: key() ?? '',
    };
    return reply
      .type('text/html; charset=utf-8')
      .header('content-security-policy', policy)
      .header('referrer-policy', 'same-origin')
      .send(content.replace(/\{\{(\w+)\}\}/g, (braces, name: string) => filled[name] ?? braces));
  };
}
