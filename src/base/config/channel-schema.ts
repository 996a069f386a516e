import { Type } from '@sinclair/typebox';
import type { Secret } from '../secret.ts';

/** One way to people; `type` decides which other keys there are. */
export const channelSchema = Type.Union([
  Type.Object(
    {
      type: Type.Literal('mail', { description: 'Mail through the server of `mail`.' }),
      to: Type.Array(Type.String({ pattern: '^[^@\\s]+@[^@\\s]+$' }), {
        minItems: 1,
        description: 'Addresses of the readers.',
      }),
    },
    { additionalProperties: false },
  ),
  Type.Object(
    {
      type: Type.Literal('webhook', { description: 'A POST of JSON; Slack, Teams and Mattermost take it.' }),
      url: Type.Unsafe<Secret>({ secret: true, description: 'Where it goes.' }),
      secret: Type.Optional(
        Type.Unsafe<Secret>({ secret: true, description: 'Signs every message as Standard Webhooks says.' }),
      ),
    },
    { additionalProperties: false },
  ),
]);
