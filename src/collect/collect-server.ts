import type { IncomingHttpHeaders, IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { metricsText, OctavoError, toOctavoError } from '../base/index.ts';
import { sendAnswer, sendProblem } from './answer.ts';
import type { Collector } from './collector.ts';
import { createGuardedServer } from './guarded-server.ts';
import type { HttpLimits } from './http-limits.ts';
import { pathOf } from './wire/head.ts';

/** The script for the store's pages. */
export interface PageScript {
  /** What an address that the script sends to is to the collector; undefined for another one. */
  address(url: string | undefined): string | undefined;
  /** A file of it; undefined for a path that is none. */
  answer(
    path: string,
    headers: IncomingHttpHeaders,
  ): Promise<
    | {
        readonly status: number;
        readonly headers: Readonly<Record<string, string>>;
        readonly body: Buffer | undefined;
      }
    | undefined
  >;
}

/** A collector that listens: events, the script for pages, `/v1/health` and `/metrics`, nothing else. */
export interface CollectServer {
  /** `http://host:port` */
  readonly url: string;
  readonly server: Server;
  /** Takes no new requests, answers what it accepted, and closes; after `timeoutMs` what still hangs is cut off. */
  close(timeoutMs: number): Promise<void>;
}

const idleLookMs = 20;
const tailPath = '/v1/events/tail';

/** Listens. Errors: `port_taken`. */
export async function createCollectServer(options: {
  readonly collector: Collector;
  readonly limits: HttpLimits;
  readonly host: string;
  readonly port: number;
  readonly version: string;
  /** Absent where no page asks. */
  readonly tracker?: PageScript;
  /** Whoever looks on; absent where nobody may. */
  readonly tail?: {
    answer(request: IncomingMessage, response: ServerResponse): Promise<void>;
    close(): void;
  };
}): Promise<CollectServer> {
  const { collector, limits, host, port, version, tracker, tail } = options;
  let stopping = false;
  const server = createGuardedServer(limits, (request, response) => {
    // Who keeps his connection would otherwise go on sending to a server that stops.
    if (stopping) response.setHeader('connection', 'close');
    request.url = tracker?.address(request.url) ?? request.url;
    if (collector.matches(request.method, request.url)) void collector.handle(request, response);
    else
      answerOther(request, response).catch((error: unknown) =>
        sendProblem(response, toOctavoError(error), false),
      );
  });

  const answerOther = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = pathOf(request.url ?? '');
    const file =
      request.method === 'GET' || request.method === 'HEAD'
        ? await tracker?.answer(path, request.headers)
        : undefined;
    if (file !== undefined) {
      response.writeHead(file.status, file.headers).end(request.method === 'HEAD' ? undefined : file.body);
      return;
    }
    if (path === '/v1/health') {
      const { queueBytes, ...counts } = collector.status();
      const body = JSON.stringify({
        status: stopping ? 'stopping' : 'ok',
        version,
        waiting_bytes: queueBytes,
        ...counts,
      });
      const headers = { 'content-type': 'application/json', 'cache-control': 'no-store' };
      sendAnswer(response, { status: stopping ? 503 : 200, headers, body });
    } else if (path === '/metrics') {
      const headers = { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' };
      sendAnswer(response, { status: 200, headers, body: await metricsText() });
    } else if (path === tailPath && request.method === 'GET' && tail !== undefined)
      await tail.answer(request, response);
    else sendProblem(response, new OctavoError('route_not_found', `${request.method ?? ''} ${path}`), false);
  };

  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) =>
      reject(
        cause.code === 'EADDRINUSE' ? new OctavoError('port_taken', `${host}:${port}`, { cause }) : cause,
      ),
    );
    server.listen({ host, port, backlog: 1024 }, resolve);
  });
  const taken = (server.address() as AddressInfo).port;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${taken}`,
    server,
    close: async (timeoutMs) => {
      stopping = true;
      tail?.close();
      const closed = new Promise((resolve) => server.close(resolve));
      // A connection whose answer was begun before the stop becomes idle only after it.
      const idle = setInterval(() => server.closeIdleConnections(), idleLookMs);
      const cut = setTimeout(() => server.closeAllConnections(), timeoutMs);
      await closed;
      clearTimeout(cut);
      clearInterval(idle);
      await collector.close();
    },
  };
}
