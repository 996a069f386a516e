import { OctavoError } from '../base/index.ts';
import type { FastifyRequest } from 'fastify';
import type { KeyStore } from './keys.ts';

/** Refuses a request whose key is missing, unknown or lacks the route's scope. Errors: `key_missing`, `key_invalid`, `scope_missing`. */
export function authenticate(request: FastifyRequest, keys: KeyStore): void {
  const configured = request.routeOptions.config.scope;
  if (configured === undefined) return;
  const scope = typeof configured === 'function' ? configured(request.method) : configured;
  const key = bearerOf(request.headers.authorization);
  if (key === undefined)
    throw new OctavoError('key_missing', `${request.method} ${request.routeOptions.url ?? ''}`);
  const record = keys.verify(key);
  if (record === undefined) throw new OctavoError('key_invalid');
  if (!record.scopes.includes(scope)) {
    throw new OctavoError('scope_missing', `'${scope}' is not among ${record.scopes.join(', ')}`);
  }
}

/** The token of an `Authorization: Bearer` header. */
export function bearerOf(header: string | undefined): string | undefined {
  const match = header === undefined ? null : /^bearer +([\x21-\x7e]{1,512})$/i.exec(header);
  return match?.[1];
}
