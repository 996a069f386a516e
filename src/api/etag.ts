import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Edition } from '../serving/index.ts';

interface Answer {
  readonly body: string;
  readonly etag: string;
}

/** Answers that were made from immutable editions, by edition and address; bounded, oldest out first. */
export type AnswerCache = Map<string, Answer>;
const answersMax = 2_000;

/**
 * Answers with what `make` gives, or with 304 when the client has it already. An edition never
 * changes, so its answers are kept serialised and the ETag is the edition and the address.
 */
export async function answerEdition<T extends object>(
  exchange: { readonly request: FastifyRequest; readonly reply: FastifyReply; readonly edition: Edition; readonly answers: AnswerCache },
  make: () => Promise<T>,
): Promise<T> {
  const { request, reply, edition, answers } = exchange;
  const key = `${edition.id} ${request.url}`;
  let answer = answers.get(key);
  if (answer === undefined) {
    const body = JSON.stringify(await make());
    answer = { body, etag: `"${edition.id}.${createHash('sha256').update(request.url).digest('hex').slice(0, 12)}"` };
    const oldest = answers.keys().next();
    if (answers.size >= answersMax && oldest.done !== true) answers.delete(oldest.value);
    answers.set(key, answer);
  }
  reply.header('etag', answer.etag).header('cache-control', 'private, no-cache');
  if (matches(request.headers['if-none-match'], answer.etag)) {
    return reply.code(304).send() as unknown as T;
  }
  return reply.type('application/json; charset=utf-8').serializer(String).send(answer.body) as unknown as T;
}

function matches(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header.split(',').some((given) => {
    const tag = given.trim().replace(/^W\//, '');
    return tag === etag || tag === '*';
  });
}
