import { errorCodes, toOctavoError, type ErrorCode, type ErrorKind } from '../base/index.ts';
import { Type, type Static } from '@sinclair/typebox';

/** An error answer in the form of RFC 9457, with our stable code and hint. */
export const Problem = Type.Object(
  {
    type: Type.String({ description: 'a URN of the code' }),
    title: Type.String({ description: 'what happened, the same for every occurrence of the code' }),
    status: Type.Integer(),
    code: Type.String({ description: 'stable code, see the errors reference' }),
    detail: Type.String({ description: 'what exactly was wrong this time' }),
    hint: Type.String({ description: 'what to do' }),
    instance: Type.Optional(Type.String({ description: 'id of the request, also in the log' })),
    retryable: Type.Boolean(),
  },
  { title: 'Problem', description: 'RFC 9457 problem details', additionalProperties: true },
);
export type Problem = Static<typeof Problem>;

/** The media type of problem answers. */
export const problemType = 'application/problem+json' as const;

/** What a route that reads by key may answer instead, for its schema. */
export const otherAnswers = {
  304: Type.Null({ description: 'the client has it already, by its If-None-Match' }),
  400: refusal('an argument is not valid'),
  401: refusal('no valid key'),
  403: refusal('the key lacks the scope'),
  404: refusal('there is no such thing'),
};

/** Turns anything thrown into a problem; what is not ours is answered without its message. */
export function toProblem(thrown: unknown, instance?: string): Problem {
  const error = toOctavoError(thrown);
  const problem = problemOf(
    error.code,
    error.code === 'internal' ? errorCodes.internal.message : error.message,
  );
  return { ...problem, ...error.details, ...(instance === undefined ? {} : { instance }) };
}

/** A problem by its code. */
export function problemOf(code: ErrorCode, detail: string): Problem {
  const kind: ErrorKind = errorCodes[code];
  return {
    type: `urn:octavo:error:${code}`,
    title: kind.message,
    status: kind.status,
    code,
    detail,
    hint: kind.hint,
    retryable: kind.retryable,
  };
}

function refusal(description: string): {
  description: string;
  content: Record<typeof problemType, { schema: typeof Problem }>;
} {
  return { description, content: { [problemType]: { schema: Problem } } };
}
