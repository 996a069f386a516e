import type { ServerResponse } from 'node:http';

/** What a page of an origin that may send is told, so that it can read the answer. No cookies are ever taken: no credentials. */
export function allowOrigin(response: ServerResponse, origin: string): void {
  response.setHeader('access-control-allow-origin', origin);
  response.setHeader('access-control-expose-headers', 'retry-after');
}

/** Answers a browser that asks whether its page may send, with the headers that it asks for. */
export function sendPreflight(response: ServerResponse, origin: string, headers: string | undefined): void {
  response.writeHead(204, {
    'access-control-allow-origin': origin,
    'access-control-allow-methods': 'POST, GET, OPTIONS',
    'access-control-allow-headers':
      headers !== undefined && /^[\w-]+(, ?[\w-]+){0,30}$/.test(headers)
        ? headers
        : 'authorization, content-type',
    'access-control-max-age': '86400',
    vary,
  });
  response.end();
}

/** The answer depends on these headers of the question. */
export const vary = 'origin';
