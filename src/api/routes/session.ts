import { Type } from '@sinclair/typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { hasCode, OctavoError } from '../../base/index.ts';
import type { Session } from '../accounts.ts';
import {
  assertOwnPage,
  cookieOf,
  identify,
  personOf,
  sessionCookie,
  type Identity,
} from '../authentication.ts';
import type { ApiContext, ApiServer } from '../context.ts';
import { refusals } from '../problem.ts';
import { SessionState } from '../session-schemas.ts';
import { createSignInLimit } from '../sign-in-limit.ts';

const Credentials = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 64 }),
    password: Type.String({ minLength: 1, maxLength: 1024 }),
  },
  { additionalProperties: false },
);
const PasswordChange = Type.Object(
  {
    password: Type.String({ minLength: 1, maxLength: 1024, description: 'the one that holds now' }),
    new_password: Type.String({ minLength: 1, maxLength: 1024 }),
  },
  { additionalProperties: false },
);
const tags = ['Session'];

/** Signing in and out, for people. Programs send a key with each request instead. */
export function sessionRoutes(server: ApiServer, context: ApiContext): void {
  const limit = createSignInLimit(context.clock);

  server.get(
    '/v1/session',
    {
      schema: {
        operationId: 'getSession',
        summary: 'Who is signed in, what he may do, and how the store counts time and money',
        tags,
        security: [],
        response: { 200: SessionState },
      },
    },
    (request, reply) => {
      reply.header('cache-control', 'no-store');
      return stateOf(context, identify(request, context));
    },
  );

  server.post(
    '/v1/session',
    {
      schema: {
        operationId: 'signIn',
        summary: 'Sign in; the answer sets the session’s cookie',
        tags,
        security: [],
        body: Credentials,
        response: {
          200: SessionState,
          ...refusals(['argument_invalid', 'sign_in_failed', 'page_foreign', 'sign_in_limited']),
        },
      },
    },
    async (request, reply) => {
      assertOwnPage(request);
      const { name, password } = request.body;
      const begun = await checked(name, request.ip, () => signIn(context, name, password));
      keepToken(request, reply, begun);
      reply.header('cache-control', 'no-store');
      return stateOf(context, { principal: personOf(begun.session) });
    },
  );

  server.put(
    '/v1/session/password',
    {
      schema: {
        operationId: 'changePassword',
        summary: 'Change one’s own password; every other session ends',
        tags,
        security: [],
        body: PasswordChange,
        response: {
          204: Type.Null({ description: 'changed' }),
          ...refusals([
            'session_expired',
            'sign_in_failed',
            'page_foreign',
            'sign_in_limited',
            'password_weak',
          ]),
        },
      },
    },
    async (request, reply) => {
      assertOwnPage(request);
      const identity = identify(request, context);
      const person =
        'principal' in identity && identity.principal.kind === 'person' ? identity.principal : undefined;
      if (person === undefined || context.accounts === undefined) throw new OctavoError('session_expired');
      const { password, new_password } = request.body;
      await checked(person.name, request.ip, () => signIn(context, person.name, password));
      await context.accounts.setPassword(person.name, new_password);
      keepToken(request, reply, await signIn(context, person.name, new_password));
      return reply.code(204).send(null);
    },
  );

  server.delete(
    '/v1/session',
    {
      schema: {
        operationId: 'signOut',
        summary: 'Sign out',
        tags,
        security: [],
        response: { 204: Type.Null({ description: 'signed out' }), ...refusals(['page_foreign']) },
      },
    },
    async (request, reply) => {
      assertOwnPage(request);
      const token = cookieOf(request.headers.cookie, sessionCookie);
      if (token !== undefined) context.accounts?.signOut(token);
      setCookie(request, reply, { token: '', seconds: 0 });
      return reply.code(204).send(null);
    },
  );

  function keepToken(request: FastifyRequest, reply: FastifyReply, begun: Begun): void {
    const seconds = Math.floor((begun.session.expiresMs - context.clock.now()) / 1000);
    setCookie(request, reply, { token: begun.token, seconds });
  }

  async function checked<T>(name: string, address: string, run: () => Promise<T>): Promise<T> {
    limit.assertAllowed(name, address);
    try {
      const done = await run();
      limit.succeeded(name, address);
      return done;
    } catch (error) {
      if (hasCode(error, 'sign_in_failed')) limit.failed(name, address);
      throw error;
    }
  }
}

interface Begun {
  readonly token: string;
  readonly session: Session;
}

async function signIn({ accounts }: ApiContext, name: string, password: string): Promise<Begun> {
  if (accounts === undefined) throw new OctavoError('sign_in_failed');
  return accounts.signIn(name, password);
}

function stateOf(context: ApiContext, identity: Identity): SessionState {
  const principal = 'principal' in identity ? identity.principal : undefined;
  const { shop, clock, accounts, openToLocal } = context;
  return {
    person:
      principal?.role === undefined || principal.kind === 'key'
        ? null
        : { name: principal.name, role: principal.role, guest: principal.kind === 'guest' },
    scopes: [...(principal?.scopes ?? [])],
    expires_at: principal?.expiresMs === undefined ? null : new Date(principal.expiresMs).toISOString(),
    expired: 'refused' in identity && identity.refused === 'session_expired',
    accounts: (accounts?.list().length ?? 0) > 0,
    open: openToLocal === true,
    version: context.version,
    store: {
      name: shop.name,
      currency: shop.currency,
      language: shop.language,
      time_zone: shop.calendar.timeZone,
      day_start: shop.calendar.dayStart,
      business_day: shop.calendar.dayOf(clock.now()),
    },
  };
}

/** Kept from scripts, and from requests that other sites make; over TLS from plain connections too. */
function setCookie(
  request: FastifyRequest,
  reply: FastifyReply,
  { token, seconds }: { readonly token: string; readonly seconds: number },
): void {
  const secure = request.protocol === 'https' || request.headers['x-forwarded-proto'] === 'https';
  reply.header(
    'set-cookie',
    `${sessionCookie}=${token}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`,
  );
}
