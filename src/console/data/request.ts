import type { Problem } from '../../api/index.ts';
import { takeEarly } from './early.ts';

/** An answer that is an error, or no answer at all (`unreachable`). */
export class RequestError extends Error {
  readonly status: number;
  readonly code: string;
  readonly problem: Problem | undefined;

  constructor(status: number, code: string, problem?: Problem, cause?: unknown) {
    super(problem?.detail ?? code, { cause });
    this.name = 'RequestError';
    this.status = status;
    this.code = code;
    this.problem = problem;
  }

  /** Whether the same request may succeed later. */
  get retryable(): boolean {
    return this.problem?.retryable ?? this.status === 0;
  }
}

/** Values of a query string; what is undefined is left out. */
export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

export interface RequestOptions {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly query?: Query;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

/**
 * Says that a request comes from the console's own pages; other pages cannot send it without being asked
 * first.
 */
export const consoleHeader = { 'x-octavo-console': '1' } as const;

type Refused = (error: RequestError) => void;
const refusedListeners = new Set<Refused>();

/** Tells of every request that the server refused because nobody is signed in (any more). */
export function onRefused(listener: Refused): () => void {
  refusedListeners.add(listener);
  return () => refusedListeners.delete(listener);
}

/** An address of the API with its query. */
export function addressOf(path: string, query: Query = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value));
  const text = search.toString();
  return text === '' ? path : `${path}?${text}`;
}

/** Asks the API. Errors: `RequestError`. */
export async function request<T>(path: string, options: RequestOptions = {}): Promise<T> {
  const response = await send(path, options);
  if (response.status === 204) return undefined as T;
  return (await response.json()) as T;
}

/** Asks the API for a file. Errors: `RequestError`. */
export async function requestFile(path: string, options: RequestOptions = {}): Promise<Blob> {
  return await (await send(path, options)).blob();
}

/** Asks the API for a file, and what its headers say. Errors: `RequestError`. */
export async function requestAnswer(path: string, options: RequestOptions = {}): Promise<Response> {
  return send(path, options);
}

async function send(
  path: string,
  { method = 'GET', query, body, signal }: RequestOptions,
): Promise<Response> {
  let response: Response;
  try {
    const address = addressOf(path, query);
    const early = method === 'GET' ? takeEarly(address) : undefined;
    response = await (early ??
      fetch(address, {
        method,
        headers: { ...consoleHeader, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        credentials: 'same-origin',
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(signal === undefined ? {} : { signal }),
      }));
  } catch (cause) {
    if (signal?.aborted === true) throw cause;
    throw new RequestError(0, 'unreachable', undefined, cause);
  }
  if (response.ok) return response;
  const problem = await readProblem(response);
  const error = new RequestError(response.status, problem?.code ?? 'unreadable', problem);
  if (response.status === 401) for (const listener of refusedListeners) listener(error);
  throw error;
}

async function readProblem(response: Response): Promise<Problem | undefined> {
  const type = response.headers.get('content-type') ?? '';
  if (!type.includes('json')) return undefined;
  return (await response.json().catch(() => undefined)) as Problem | undefined;
}
