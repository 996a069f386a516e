import { randomBytes } from 'node:crypto';
import { Type } from '@sinclair/typebox';
import { OctavoError } from '../../base/index.ts';
import type { AccountStore } from '../accounts.ts';
import type { ApiContext, ApiServer } from '../context.ts';
import { refusals } from '../problem.ts';
import type { Role } from '../roles.ts';
import { MadePassword, RoleName, User, Users } from '../settings-schemas.ts';

const config = { scope: 'settings:write' } as const;
const tags = ['Settings'];
const refused = ['argument_invalid', 'key_missing', 'key_invalid', 'scope_missing', 'page_foreign'] as const;
const Named = Type.Object({ name: Type.String({ maxLength: 64 }) });
const Password = Type.Optional(
  Type.String({ minLength: 1, maxLength: 1024, description: 'absent: one is made and told once' }),
);
const passwordBytes = 12;

/** People who sign in: list, add, give another role or a new password, remove. */
export function userRoutes(server: ApiServer, { accounts }: ApiContext): void {
  if (accounts === undefined) return;

  server.get(
    '/v1/settings/users',
    {
      config,
      schema: {
        operationId: 'listUsers',
        summary: 'Everybody who may sign in',
        tags,
        response: { 200: Users, ...refusals(refused) },
      },
    },
    () => ({ users: [...accounts.list()] }),
  );

  server.post(
    '/v1/settings/users',
    {
      config,
      schema: {
        operationId: 'addUser',
        summary: 'Add a person',
        tags,
        body: Type.Object(
          { name: Type.String({ minLength: 1, maxLength: 64 }), role: RoleName, password: Password },
          { title: 'NewUser', additionalProperties: false },
        ),
        response: {
          201: Type.Intersect([User, MadePassword], { title: 'AddedUser', description: 'who was added' }),
          ...refusals([...refused, 'user_exists', 'user_invalid', 'password_weak']),
        },
      },
    },
    async (request, reply) => {
      const { name, role, password } = request.body;
      const given = password ?? makePassword();
      const person = await accounts.add({ name, role, password: given });
      return reply
        .header('cache-control', 'no-store')
        .code(201)
        .send({ ...person, password: password === undefined ? given : null });
    },
  );

  server.patch(
    '/v1/settings/users/:name',
    {
      config,
      schema: {
        operationId: 'changeUser',
        summary: 'Give a person another role',
        tags,
        params: Named,
        body: Type.Object({ role: RoleName }, { title: 'UserChange', additionalProperties: false }),
        response: { 200: User, ...refusals([...refused, 'user_not_found', 'user_last_admin']) },
      },
    },
    (request) => {
      const { name } = request.params;
      assertAdminStays(accounts, name, request.body.role);
      accounts.setRole(name, request.body.role);
      return find(accounts, name);
    },
  );

  server.put(
    '/v1/settings/users/:name/password',
    {
      config,
      schema: {
        operationId: 'resetPassword',
        summary: 'Give a person a new password; his sessions end',
        tags,
        params: Named,
        body: Type.Object({ password: Password }, { title: 'NewPassword', additionalProperties: false }),
        response: { 200: MadePassword, ...refusals([...refused, 'user_not_found', 'password_weak']) },
      },
    },
    async (request, reply) => {
      const { name } = request.params;
      const { password } = request.body;
      const given = password ?? makePassword();
      await accounts.setPassword(name, given);
      reply.header('cache-control', 'no-store');
      return { name, password: password === undefined ? given : null };
    },
  );

  server.delete(
    '/v1/settings/users/:name',
    {
      config,
      schema: {
        operationId: 'removeUser',
        summary: 'Remove a person; his sessions end',
        tags,
        params: Named,
        response: {
          204: Type.Null({ description: 'removed' }),
          ...refusals([...refused, 'user_not_found', 'user_last_admin']),
        },
      },
    },
    async (request, reply) => {
      const { name } = request.params;
      assertAdminStays(accounts, name, undefined);
      accounts.remove(name);
      return reply.code(204).send(null);
    },
  );
}

function find(accounts: AccountStore, name: string): ReturnType<AccountStore['list']>[number] {
  const person = accounts.list().find((one) => one.name.toLowerCase() === name.toLowerCase());
  if (person === undefined) throw new OctavoError('user_not_found', `'${name}'`);
  return person;
}

/** Nobody locks everybody out. Errors: `user_last_admin`, `user_not_found`. */
function assertAdminStays(accounts: AccountStore, name: string, role: Role | undefined): void {
  const { role: before } = find(accounts, name);
  const admins = accounts.list().filter((person) => person.role === 'admin').length;
  if (before === 'admin' && role !== 'admin' && admins === 1)
    throw new OctavoError('user_last_admin', `'${name}' is the only one`);
}

function makePassword(): string {
  return randomBytes(passwordBytes).toString('base64url');
}
