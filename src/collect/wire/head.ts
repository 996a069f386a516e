import type { IncomingMessage } from 'node:http';
import type { WireHead } from './shape.ts';

/** The head of a request; its query is parsed only when it is asked for. */
export function headOf({ method = '', url = '', headers }: IncomingMessage): WireHead {
  const path = pathOf(url);
  const queryAt = url.indexOf('?') + 1;
  let query: URLSearchParams | undefined;
  return {
    method,
    path,
    headers,
    query: () => (query ??= new URLSearchParams(queryAt === 0 ? '' : url.slice(queryAt))),
  };
}

/** The part of a request's address before its query, without a slash at its end. */
export function pathOf(url: string): string {
  const end = url.indexOf('?');
  const path = end < 0 ? url : url.slice(0, end);
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
}

/** The key of a request's head: `Authorization: Bearer`, else `?key=`. */
export function keyOf({ headers, query }: WireHead): string | undefined {
  const { authorization } = headers;
  if (authorization !== undefined && /^bearer /i.test(authorization)) return authorization.slice(7).trim();
  return query().get('key') ?? undefined;
}

/** The user of `Authorization: Basic`, where SDKs put their key. */
export function basicUser({ authorization }: IncomingMessage['headers']): string | undefined {
  if (authorization === undefined || !/^basic /i.test(authorization)) return undefined;
  const [user = ''] = Buffer.from(authorization.slice(6).trim(), 'base64').toString('utf8').split(':', 1);
  return user === '' ? undefined : user;
}
