import type { FastifyRequest } from 'fastify';
import { OctavoError } from '../base/index.ts';
import type { Session } from './accounts.ts';
import type { ApiContext } from './context.ts';
import type { Scope } from './keys.ts';
import { roleScopes, type Role } from './roles.ts';

/** Who asks: a program by its key, a person who is signed in, or whoever sits at this machine in the demo. */
export interface Principal {
  readonly kind: 'key' | 'person' | 'guest';
  readonly name: string;
  readonly role?: Role;
  readonly scopes: readonly Scope[];
  /** When the session ends, epoch milliseconds. */
  readonly expiresMs?: number;
}

/** The cookie that holds a session's token. */
export const sessionCookie = 'octavo_session';
/** The header of the console's own requests. A page of another origin cannot send it without asking first. */
export const consoleHeader = 'x-octavo-console';

/** Who sent a request, or why nobody is known. */
export type Identity =
  | { readonly principal: Principal }
  | { readonly refused: 'key_missing' | 'key_invalid' | 'session_expired' };
type Asked = Pick<ApiContext, 'keys' | 'accounts' | 'openToLocal'>;

/**
 * Refuses a request without a valid key or session, or whose scopes lack the route's. Errors:
 * `key_missing`, `key_invalid`, `session_expired`, `scope_missing`, `page_foreign`.
 */
export function authenticate(request: FastifyRequest, context: Asked): void {
  const configured = request.routeOptions.config.scope;
  if (configured === undefined) return;
  const scope = typeof configured === 'function' ? configured(request.method) : configured;
  const identity = identify(request, context);
  if ('refused' in identity) {
    const about =
      identity.refused === 'key_missing' ? `${request.method} ${request.routeOptions.url ?? ''}` : '';
    throw new OctavoError(identity.refused, about);
  }
  const { principal } = identity;
  if (principal.kind !== 'key') assertOwnPage(request);
  if (!principal.scopes.includes(scope)) {
    throw new OctavoError('scope_missing', `'${scope}' is not among ${principal.scopes.join(', ')}`);
  }
}

/** Who sent the request. */
export function identify(request: FastifyRequest, { keys, accounts, openToLocal }: Asked): Identity {
  const { authorization, cookie } = request.headers;
  if (authorization !== undefined) {
    const key = bearerOf(authorization);
    if (key === undefined) return { refused: 'key_missing' };
    const record = keys.verify(key);
    if (record === undefined) return { refused: 'key_invalid' };
    return { principal: { kind: 'key', name: record.name, scopes: record.scopes } };
  }
  const token = cookieOf(cookie, sessionCookie);
  const session = token === undefined ? undefined : accounts?.session(token);
  if (session !== undefined) {
    return { principal: personOf(session) };
  }
  if (openToLocal === true && isLocal(request) && isOwnPage(request))
    return { principal: { kind: 'guest', name: 'guest', role: 'admin', scopes: roleScopes.admin } };
  return { refused: token === undefined ? 'key_missing' : 'session_expired' };
}

/** Who sent a request. Errors: `key_missing`, `key_invalid`, `session_expired`. */
export function principalOf(request: FastifyRequest, context: Asked): Principal {
  const identity = identify(request, context);
  if ('refused' in identity) throw new OctavoError(identity.refused);
  return identity.principal;
}

/** Names who sent a request, for what everybody has a share of: programs by their key, people by their name. */
export function callerOf(request: FastifyRequest, context: Asked): string {
  const { kind, name } = principalOf(request, context);
  return `${kind} ${name}`;
}

/** The person of a session. */
export function personOf({ person, expiresMs }: Session): Principal {
  const { name, role } = person;
  return { kind: 'person', name, role, scopes: roleScopes[role], expiresMs };
}

/** Refuses what changes something unless one of our own pages sent it. Errors: `page_foreign`. */
export function assertOwnPage(request: FastifyRequest): void {
  if (request.method === 'GET' || request.method === 'HEAD') return;
  const { origin, host } = request.headers;
  const foreign = origin !== undefined && (!URL.canParse(origin) || new URL(origin).host !== host);
  if (foreign || request.headers[consoleHeader] === undefined)
    throw new OctavoError('page_foreign', `${request.method} from ${origin ?? 'an unknown page'}`);
}

/** The token of an `Authorization: Bearer` header. */
export function bearerOf(header: string | undefined): string | undefined {
  const match = header === undefined ? null : /^bearer +([\x21-\x7e]{1,512})$/i.exec(header);
  return match?.[1];
}

/** The value of a cookie. */
export function cookieOf(header: string | undefined, name: string): string | undefined {
  for (const pair of header?.split(';') ?? []) {
    const [key = '', value = ''] = pair.split('=');
    if (key.trim() === name && value !== '') return value.trim();
  }
  return undefined;
}

/**
 * The connection comes from this machine, and the address in the browser's line names it too: a foreign
 * name that leads here does not count.
 */
function isLocal(request: FastifyRequest): boolean {
  const from = request.socket.remoteAddress ?? '';
  const named = (request.headers.host ?? '').replace(/:\d+$/, '');
  return /^(127\.|::1$|::ffff:127\.)/.test(from) && /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(named);
}

function isOwnPage(request: FastifyRequest): boolean {
  return request.headers[consoleHeader] !== undefined || request.headers['sec-fetch-site'] === 'same-origin';
}
