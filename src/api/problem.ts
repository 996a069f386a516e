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

interface Refusal {
  readonly description: string;
  readonly content: Readonly<Record<typeof problemType, { readonly schema: typeof Problem }>>;
}

const notModified = Type.Null({ description: 'the client has it already, by its If-None-Match' });
const everywhere = ['argument_invalid', 'key_missing', 'key_invalid', 'scope_missing'] as const;

/** What a route that reads by key may answer instead, for its schema: the codes of every such route and its own. */
export function otherAnswers(
  ...codes: readonly ErrorCode[]
): { readonly 304: typeof notModified } & Readonly<Record<400 | 401 | 403, Refusal>> {
  return { 304: notModified, ...refusals([...everywhere, ...codes]) } as ReturnType<typeof otherAnswers>;
}

/** Problem answers by status, each naming its codes. */
export function refusals(codes: readonly ErrorCode[]): Readonly<Record<number, Refusal>> {
  const byStatus = new Map<number, string[]>();
  for (const code of codes) {
    const { status, message } = errorCodes[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), `\`${code}\`: ${message}`]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, told]) => [
      status,
      { description: told.join('; '), content: { [problemType]: { schema: Problem } } },
    ]),
  );
}

/** Turns anything thrown into a problem; what is not ours is answered without its message. */
export function toProblem(thrown: unknown, instance?: string): Problem {
  const error = toOctavoError(thrown);
  const problem = problemOf(
    error.code,
    error.code === 'internal' ? errorCodes.internal.message : error.message,
  );
  return { ...problem, ...error.details, ...(instance === undefined ? {} : { instance }) };
}

/** What to do, where the command line's advice is none over HTTP. */
const hintsOverHttp: Partial<Record<ErrorCode, string>> = {
  argument_invalid: 'correct the named part of the request; /docs tells what each address takes',
};

/** An address that was asked for, or a value that was wrong, is told only so far that it can be recognised. */
const detailMax = 2000;

/** A problem by its code. */
export function problemOf(code: ErrorCode, detail: string): Problem {
  const kind: ErrorKind = errorCodes[code];
  return {
    type: `urn:octavo:error:${code}`,
    title: kind.message,
    status: kind.status,
    code,
    detail: detail.length <= detailMax ? detail : `${detail.slice(0, detailMax)}…`,
    hint: hintsOverHttp[code] ?? kind.hint,
    retryable: kind.retryable,
  };
}
