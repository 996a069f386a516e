import type { ServerResponse } from 'node:http';
import { errorCodes, OctavoError } from '../base/index.ts';
import type { EventError } from '../event/index.ts';
import type { WireAnswer } from './wire/shape.ts';

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

/** Sends an answer, unless one was sent or nobody waits for it. */
export function sendAnswer(response: ServerResponse, { status, headers, body }: WireAnswer): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

/** Answers that only POST is allowed. */
export function sendNotAllowed(response: ServerResponse, method: string, path: string): void {
  response.setHeader('allow', 'POST, OPTIONS');
  sendProblem(
    response,
    new OctavoError('method_not_allowed', `${method} ${path}; events are sent by POST`),
    false,
  );
}

/** Answers with problem details (RFC 9457); a retryable error says after how many seconds. */
export function sendProblem(response: ServerResponse, error: OctavoError, closeConnection: boolean): void {
  if (response.headersSent || response.destroyed) return;
  const waitSeconds = error.details['retry_after_seconds'];
  if (error.retryable)
    response.setHeader('retry-after', typeof waitSeconds === 'number' ? String(waitSeconds) : '1');
  if (closeConnection) response.setHeader('connection', 'close');
  sendAnswer(response, {
    status: error.status,
    headers: { 'content-type': problemType },
    body: problemText(error),
  });
}

/** An error as problem details. What was asked for is told only so far that it can be recognised. */
export function problemText(error: OctavoError): string {
  const { code, status, hint, retryable } = error;
  const title = errorCodes[code].message;
  const detail = code === 'internal' ? 'see the log of the collector' : cut(error.message);
  return JSON.stringify({ type: `urn:octavo:error:${code}`, title, status, code, detail, hint, retryable });
}

function cut(text: string): string {
  return text.length <= detailMax ? text : `${text.slice(0, detailMax)}…`;
}

export const problemType = 'application/problem+json';
const detailMax = 1000;
