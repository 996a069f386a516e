import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A proxy before the catalogue: counts the answers to commits and can hold one back. */
export interface Gate {
  readonly url: string;
  /** Answers of commits to tables by status. */
  readonly commits: ReadonlyMap<number, number>;
  /** Holds the next commit of a table; `held` resolves when it has come, `release` lets it go on. */
  holdCommit(): { readonly held: Promise<void>; release(): void };
  close(): Promise<void>;
}

interface Hold {
  readonly came: () => void;
  readonly go: Promise<void>;
}

/** Opens the proxy before the catalogue at the URL. */
export async function openGate(catalogUrl: string): Promise<Gate> {
  const commits = new Map<number, number>();
  let hold: Hold | undefined;
  const pass = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const commit = request.method === 'POST' && /\/tables\/[^/]+$/.test(request.url ?? '');
    if (commit && hold !== undefined) {
      const { came, go } = hold;
      hold = undefined;
      came();
      await go;
    }
    const { authorization, 'content-type': contentType } = request.headers;
    const answer = await fetch(`${catalogUrl}${request.url}`, {
      method: request.method ?? 'GET',
      headers: {
        ...(authorization === undefined ? {} : { authorization }),
        ...(contentType === undefined ? {} : { 'content-type': contentType }),
      },
      ...(chunks.length === 0 ? {} : { body: Buffer.concat(chunks) }),
    });
    if (commit) commits.set(answer.status, (commits.get(answer.status) ?? 0) + 1);
    const body = Buffer.from(await answer.arrayBuffer());
    const type = answer.headers.get('content-type');
    response.writeHead(answer.status, type === null ? {} : { 'content-type': type }).end(body);
  };
  const server = createServer((request, response) => {
    pass(request, response).catch((error: unknown) => response.writeHead(502).end(String(error)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    commits,
    holdCommit: () => {
      const [came, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      hold = { came: () => came.resolve(), go: go.promise };
      return { held: came.promise, release: () => go.resolve() };
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
