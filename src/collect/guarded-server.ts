import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { Duplex } from 'node:stream';
import { count, OctavoError } from '../base/index.ts';
import { sendProblem } from './answer.ts';
import { serverOptionsOf, type HttpLimits } from './http-limits.ts';
import { faultOf, refuse } from './refuse-connection.ts';
import { watchUnread } from './unread-answers.ts';

/** A request, and its answer as far as it is. */
interface Asked {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/**
 * A server that the world may reach: whoever is slow, sends what is no HTTP, asks without reading the answers, or opens
 * too many connections is told so where HTTP has a word for it, and let go. Every refusal is counted and has a code.
 * Requests of one connection are answered one after another, so that what waits for its client is one answer.
 */
export function createGuardedServer(limits: HttpLimits, answer: RequestListener): Server {
  const askedOf = new WeakMap<Duplex, Asked[]>();
  const begin = (asked: readonly Asked[]): void => {
    const [next] = asked;
    // After an answer that says that it is the last one nobody hears another.
    if (next === undefined || next.response.destroyed || !next.request.socket.writable) return;
    answer(next.request, next.response);
  };
  const take = (request: IncomingMessage, response: ServerResponse): void => {
    const { socket } = request;
    const asked = askedOf.get(socket) ?? [];
    askedOf.set(socket, asked);
    const error = headFault(request, asked.length >= limits.pipelinedMax, limits);
    if (error !== undefined) {
      count('octavo_http_refused_total', { code: error.code });
      sendProblem(response, error, true);
      return;
    }
    const one = { request, response };
    asked.push(one);
    response.once('close', () => {
      const first = asked[0] === one;
      asked.splice(asked.indexOf(one), 1);
      if (first) begin(asked);
    });
    if (asked.length === 1) begin(asked);
  };
  const server = createServer(serverOptionsOf(limits), take);
  server.maxConnections = limits.connectionsMax;
  server.on('drop', () => count('octavo_collect_dropped_connections_total'));
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    continueWhenRead(request, response);
    take(request, response);
  });
  // Nobody tunnels through here.
  server.on('connect', (request: IncomingMessage, socket: Duplex) => {
    refuse(socket, new OctavoError('method_not_allowed', `CONNECT ${request.url?.slice(0, shownMax) ?? ''}`));
  });
  server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => {
    const expected = request.headers.expect?.slice(0, shownMax) ?? '';
    sendProblem(response, new OctavoError('http_expectation_unknown', `'${expected}'`), true);
  });
  const refused = new WeakSet<Duplex>();
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    // The parser complains of every piece that comes after.
    if (refused.has(socket)) return;
    refused.add(socket);
    const asked = [...(askedOf.get(socket) ?? [])];
    // What came before the broken request is answered first, lest its sender takes the refusal for the answer.
    const before = asked.at(-1)?.request.complete === false ? asked.slice(0, -1) : asked;
    const broken = asked[before.length];
    if (broken?.response.headersSent === true) socket.destroy();
    else if (before.length === 0) refuse(socket, faultOf(error));
    else
      whenAnswered(before, { socket, timeoutMs: limits.requestTimeoutMs }, () =>
        refuse(socket, faultOf(error)),
      );
  });
  watchUnread(server, limits);
  return server;
}

/** What is wrong with a request before anybody looks at it. */
function headFault(
  { rawHeaders, httpVersion }: IncomingMessage,
  isFull: boolean,
  { pipelinedMax }: HttpLimits,
): OctavoError | undefined {
  if (isFull) return new OctavoError('http_pipelined', `${pipelinedMax} wait`);
  let hosts = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? '';
    if (name.length === 4 && name.toLowerCase() === 'host') hosts += 1;
  }
  if (hosts > 1) return new OctavoError('http_request_invalid', 'it names more than one Host');
  return hosts === 0 && httpVersion === '1.1'
    ? new OctavoError('http_request_invalid', 'it names no Host')
    : undefined;
}

/** `100 Continue` is said when the body is asked for, so that whoever is refused by his head sends none. */
function continueWhenRead(request: IncomingMessage, response: ServerResponse): void {
  const begin = (name: string | symbol): void => {
    if (name !== 'data' && name !== 'readable') return;
    request.off('newListener', begin);
    if (!response.headersSent && !response.destroyed) response.writeContinue();
  };
  request.on('newListener', begin);
}

/** Goes on when these have been answered, the connection is gone, or it takes too long. */
function whenAnswered(
  asked: readonly Asked[],
  { socket, timeoutMs }: { readonly socket: Duplex; readonly timeoutMs: number },
  goOn: () => void,
): void {
  let left = asked.length;
  const late = setTimeout(() => {
    // Nothing can be said in the middle of an answer.
    if (asked.some(({ response }) => response.headersSent && !response.writableEnded)) socket.destroy();
    else goOn();
  }, timeoutMs).unref();
  for (const { response } of asked)
    response.once('close', () => {
      left -= 1;
      if (left > 0) return;
      clearTimeout(late);
      goOn();
    });
  socket.once('close', () => clearTimeout(late));
}

const shownMax = 200;
