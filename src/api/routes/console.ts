import { randomBytes } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { openConsoleFiles, type ConsoleFiles, type ConsolePage } from '../console-files.ts';
import type { ApiServer } from '../context.ts';

const yearSeconds = 31_536_000;
const notBuilt = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Octavo</title>
<p>The console was not built. Run <code>node scripts/build-console.ts</code> and load this page again.
<p><a href="/docs">API documentation</a>
`;

/**
 * Answers what only a browser's address line asks for: the console's page; false leaves the request as it
 * is.
 */
export type AnswerPage = (request: FastifyRequest, reply: FastifyReply) => Promise<boolean>;

/** The console's page and files. Screens are addresses of the console; every other page is its own 404. */
export function consoleRoutes(server: ApiServer, folder: string): AnswerPage {
  const files = openConsoleFiles(folder);
  server.get('/assets/*', { schema: { hide: true } }, async (request, reply) => {
    const address = new URL(request.url, 'http://localhost').pathname;
    const file = await files.file(address, request.headers['accept-encoding'] ?? '');
    if (file === undefined) return reply.callNotFound();
    reply
      .header('cache-control', `public, max-age=${yearSeconds}, immutable`)
      .header('vary', 'accept-encoding')
      .header('x-content-type-options', 'nosniff');
    if (file.encoding !== undefined) reply.header('content-encoding', file.encoding);
    return reply.type(file.type).send(file.content);
  });
  return async (request, reply) => {
    if (request.method !== 'GET' || !wantsPage(request)) return false;
    await answerPage(files, request, reply);
    return true;
  };
}

/** Programs that look for data get a problem, not a page. */
function wantsPage(request: FastifyRequest): boolean {
  return (request.headers.accept ?? '').includes('text/html') && !/^\/(v1|iceberg|docs)\b/.test(request.url);
}

async function answerPage(files: ConsoleFiles, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const page = await files.page();
  reply.type('text/html; charset=utf-8').header('cache-control', 'no-cache');
  if (page === undefined) {
    await reply.code(503).header('content-security-policy', "default-src 'none'").send(notBuilt);
    return;
  }
  const nonce = randomBytes(16).toString('base64url');
  const screen = page.filesAt(new URL(request.url, 'http://localhost').pathname);
  await reply
    .code(screen === undefined ? 404 : 200)
    .header('content-security-policy', policyOf(page, nonce))
    .header('x-content-type-options', 'nosniff')
    .header('referrer-policy', 'same-origin')
    .header('cross-origin-opener-policy', 'same-origin')
    .send(page.html.replace('{{nonce}}', nonce).replace('</head>', `${preloads(screen ?? [])}</head>`));
}

/** Asks the browser for a screen's files at once, not when the console's code gets to it. */
function preloads(files: readonly string[]): string {
  return files
    .map((file) =>
      file.endsWith('.css')
        ? `<link rel="preload" as="style" href="${file}">`
        : `<link rel="modulepreload" href="${file}">`,
    )
    .join('');
}

/**
 * Nothing from other hosts; one inline script by its hash; styles from parts of the page only with the
 * nonce.
 */
function policyOf(page: ConsolePage, nonce: string): string {
  return [
    "default-src 'none'",
    `script-src 'self' '${page.scriptHash}'`,
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
