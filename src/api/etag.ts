import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Answer, AnswerCache } from './answer-cache.ts';
import type { Scope } from './keys.ts';
import type { FoundEdition } from './editions.ts';

/** Must be revalidated: the address of a current edition has another answer tomorrow. */
export const cacheControl = 'private, no-cache';
/** The media type of every answer that is no problem. */
export const jsonType = 'application/json; charset=utf-8';

/**
 * Answers with what `make` gives, or with 304 when the client has it already. An edition never
 * changes, so its answers are kept serialised and the ETag is the edition and the address.
 */
export async function answerEdition<T extends object>(
  exchange: {
    readonly request: FastifyRequest;
    readonly reply: FastifyReply;
    readonly found: FoundEdition;
    readonly scope: Scope;
    readonly answers: AnswerCache;
  },
  make: () => Promise<T>,
): Promise<T> {
  const { request, reply, found, scope, answers } = exchange;
  const known = answers.get(request.url);
  const answer: Answer =
    known?.found.edition.id === found.edition.id
      ? known
      : {
          found,
          scope,
          route: request.routeOptions.url ?? '',
          etag: `"${found.edition.id}.${hashOf(request.url)}"`,
          body: Buffer.from(JSON.stringify(await make())),
        };
  if (answer !== known) answers.set(request.url, answer);
  return sendTagged(request, reply, answer);
}

/** Answers with what comes from several editions; the ETag is its contents'. */
export function answerTagged<T extends object>(request: FastifyRequest, reply: FastifyReply, made: T): T {
  const body = Buffer.from(JSON.stringify(made));
  return sendTagged(request, reply, { body, etag: `"${hashOf(body)}"` });
}

/** Whether an `If-None-Match` header names the tag. */
export function matchesTag(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header.split(',').some((given) => {
    const tag = given.trim().replace(/^W\//, '');
    return tag === etag || tag === '*';
  });
}

function sendTagged<T>(
  request: FastifyRequest,
  reply: FastifyReply,
  answer: Pick<Answer, 'body' | 'etag'>,
): T {
  reply.header('etag', answer.etag).header('cache-control', cacheControl);
  if (matchesTag(request.headers['if-none-match'], answer.etag))
    return reply.code(304).send() as unknown as T;
  return reply.type(jsonType).send(answer.body) as unknown as T;
}

function hashOf(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex').slice(0, 16);
}
