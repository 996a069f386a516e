import { Type } from '@sinclair/typebox';
import { OctavoError } from '../../base/index.ts';
import type { ApiContext, ApiServer } from '../context.ts';
import { refusals } from '../problem.ts';
import { Key, Keys, MadeKey, ScopeName } from '../settings-schemas.ts';

const config = { scope: 'settings:write' } as const;
const tags = ['Settings'];
const refused = ['argument_invalid', 'key_missing', 'key_invalid', 'scope_missing', 'page_foreign'] as const;

/** API keys: list, make, revoke. */
export function keyRoutes(server: ApiServer, { keys }: ApiContext): void {
  server.get(
    '/v1/settings/keys',
    {
      config,
      schema: {
        operationId: 'listKeys',
        summary: 'The API keys, without their secrets',
        tags,
        response: { 200: Keys, ...refusals(refused) },
      },
    },
    () => ({ keys: keys.list().map(plain) }),
  );

  server.post(
    '/v1/settings/keys',
    {
      config,
      schema: {
        operationId: 'createKey',
        summary: 'Make an API key; the answer alone has it',
        tags,
        body: Type.Object(
          {
            name: Type.String({ minLength: 1, maxLength: 64, pattern: '\\S' }),
            scopes: Type.Optional(
              Type.Array(ScopeName, { minItems: 1, uniqueItems: true, description: "of a server's key" }),
            ),
            origins: Type.Optional(
              Type.Array(Type.String({ minLength: 1, maxLength: 300 }), {
                minItems: 1,
                maxItems: 100,
                description:
                  "of a browser's key, which only sends events: the pages that may, e.g. https://store.example",
              }),
            ),
            events_per_second_max: Type.Optional(
              Type.Integer({
                minimum: 1,
                maximum: 1_000_000,
                description: 'over some seconds; default: as configured',
              }),
            ),
          },
          { title: 'NewApiKey', additionalProperties: false },
        ),
        response: { 201: MadeKey, ...refusals(refused) },
      },
    },
    async (request, reply) => {
      const { name, scopes, origins, events_per_second_max: eventsPerSecondMax } = request.body;
      if ((scopes === undefined) === (origins === undefined))
        throw new OctavoError('argument_invalid', 'give either scopes, or the origins of a browser’s key');
      const { key, record } =
        origins === undefined
          ? keys.create(name.trim(), scopes ?? [], { eventsPerSecondMax })
          : keys.createForBrowser(name.trim(), origins, { eventsPerSecondMax });
      return reply
        .header('cache-control', 'no-store')
        .code(201)
        .send({ ...plain(record), key });
    },
  );

  server.delete(
    '/v1/settings/keys/:key_id',
    {
      config,
      schema: {
        operationId: 'revokeKey',
        summary: 'Revoke an API key; whoever has it is refused within seconds',
        tags,
        params: Type.Object({ key_id: Type.String() }),
        response: { 204: Type.Null({ description: 'revoked' }), ...refusals([...refused, 'key_not_found']) },
      },
    },
    async (request, reply) => {
      keys.revoke(request.params.key_id);
      return reply.code(204).send(null);
    },
  );
}

type Record = ReturnType<ApiContext['keys']['list']>[number];

function plain(record: Record): (typeof Key)['static'] {
  const { scopes, origins } = record;
  return { ...record, scopes: [...scopes], origins: origins === null ? null : [...origins] };
}
