import type { IncomingMessage, ServerResponse } from 'node:http';
import { observe } from '../base/index.ts';
import type { Answer } from './answer-cache.ts';
import { bearerOf } from './authentication.ts';
import type { RouteContext } from './context.ts';
import { cacheControl, jsonType, matchesTag } from './etag.ts';

/**
 * Answers a read that was answered before from the edition that is still the right one, ahead of the
 * framework's routing and schemas; false leaves the request as it is. Whatever is not plainly
 * allowed (no key, no scope, another edition) is left to the route, which says what is wrong.
 */
export async function answerKnown(
  context: RouteContext,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  if (request.method !== 'GET' || request.url === undefined) return false;
  const answer = context.answers.get(request.url);
  if (answer === undefined) return false;
  const key = bearerOf(request.headers.authorization);
  if (key === undefined || context.keys.verify(key)?.scopes.includes(answer.scope) !== true) return false;
  if (!(await isCurrent(context, answer))) return false;
  const startMs = performance.now();
  const unchanged = matchesTag(request.headers['if-none-match'], answer.etag);
  const headers = { etag: answer.etag, 'cache-control': cacheControl };
  if (unchanged) {
    response.writeHead(304, headers).end();
  } else {
    response
      .writeHead(200, { ...headers, 'content-type': jsonType, 'content-length': answer.body.length })
      .end(answer.body);
  }
  const seconds = (performance.now() - startMs) / 1000;
  observe('octavo_api_request_seconds', seconds, { route: answer.route, status: unchanged ? '304' : '200' });
  return true;
}

async function isCurrent(context: RouteContext, { found }: Answer): Promise<boolean> {
  if (found.query.edition !== undefined) return true;
  const { kind, name, id } = found.edition;
  return (await context.store.current(kind, name, found.query.date))?.id === id;
}
