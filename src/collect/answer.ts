import type { ServerResponse } from 'node:http';
import { errorCodes, OctavoError } from '../base/index.ts';
import type { EventError } from '../event/index.ts';

/** What became of one event. */
export interface EventOutcome {
  readonly id: string | null;
  readonly status: 'accepted' | 'duplicate' | 'failed';
  readonly error?: EventError;
}

/** How many events of a request became what. */
export interface Tally {
  readonly received: number;
  readonly accepted: number;
  readonly duplicates: number;
  readonly failed: number;
}

/** One outcome as JSON; an id that passed the rules needs no escaping. */
export function outcomeText(id: string, status: 'accepted' | 'duplicate'): string {
  return `{"id":"${id}","status":"${status}"}`;
}

/** The body of an answer with 200: the counts, then each event's outcome in the order of the request. */
export function answerText(tally: Tally, outcomes: readonly string[]): string {
  const { received, accepted, duplicates, failed } = tally;
  return (
    `{"received":${received},"accepted":${accepted},"duplicates":${duplicates},"failed":${failed},` +
    `"results":[${outcomes.join(',')}]}`
  );
}

/** Answers with JSON, readable from pages of any origin. */
export function sendJson(
  response: ServerResponse,
  status: number,
  body: string,
  type = 'application/json',
): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, {
    'access-control-allow-origin': '*',
    'access-control-expose-headers': 'retry-after',
    'content-type': type,
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}

/** Answers a browser that asks whether its page may send. */
export function sendPreflight(response: ServerResponse): void {
  response.writeHead(204, {
    'access-control-allow-origin': '*',
    'access-control-allow-methods': 'POST, OPTIONS',
    'access-control-allow-headers': 'authorization, content-type, content-encoding',
    'access-control-max-age': '86400',
  });
  response.end();
}

/** Answers that only POST is allowed. */
export function sendNotAllowed(response: ServerResponse, method: string): void {
  response.setHeader('allow', 'POST, OPTIONS');
  sendProblem(
    response,
    new OctavoError('method_not_allowed', `${method} /v1/events; events are sent by POST`),
    false,
  );
}

/** Answers with problem details (RFC 9457); a retryable error says after how many seconds. */
export function sendProblem(response: ServerResponse, error: OctavoError, closeConnection: boolean): void {
  if (response.headersSent || response.destroyed) return;
  if (error.retryable) response.setHeader('retry-after', '1');
  if (closeConnection) response.setHeader('connection', 'close');
  const { code, status, hint, retryable } = error;
  const title = errorCodes[code].message;
  const detail = code === 'internal' ? 'see the log of the collector' : error.message;
  const body = JSON.stringify({
    type: `urn:octavo:error:${code}`,
    title,
    status,
    code,
    detail,
    hint,
    retryable,
  });
  sendJson(response, status, body, problemType);
}

const problemType = 'application/problem+json';
