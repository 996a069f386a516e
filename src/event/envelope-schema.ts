import { FormatRegistry, Type } from '@sinclair/typebox';
import { truncateIp } from './privacy.ts';
import { isInstantText, isKindName, isSourcePart, isUuidText } from './text-format.ts';

FormatRegistry.Set('uuid', isUuidText);
FormatRegistry.Set('rfc3339', isInstantText);
FormatRegistry.Set('kind', isKindName);
FormatRegistry.Set('ip', (value) => truncateIp(value) !== undefined);
FormatRegistry.Set('source', isSourcePart);

/** Most items in one event. */
export const itemsMax = 200;
const text = (description: string, maxLength: number) =>
  Type.Optional(Type.String({ maxLength, description }));
const closed = { additionalProperties: false } as const;
const number = (description: string) =>
  Type.Optional(Type.Number({ minimum: 0, maximum: 1e15, description }));

const item = Type.Object(
  {
    item_id: Type.String({ minLength: 1, maxLength: 200, description: "The title's id." }),
    item_name: text("The title's name.", 1000),
    item_category: text('Its category.', 200),
    item_list_id: text('The list it was shown in.', 200),
    item_list_name: text("That list's name.", 500),
    index: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 2 ** 31 - 1, description: 'Position in the list, from 1.' }),
    ),
    price: number('Price of one copy in `properties.currency`.'),
    quantity: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 2 ** 31 - 1, description: 'Copies; 1 when missing.' }),
    ),
    discount: number('Discount on one copy.'),
  },
  closed,
);

/** The schema of an event as a client sends it. Unknown fields are refused; whatever is a kind's own goes into `properties`. */
export const envelopeSchema = Type.Object(
  {
    id: Type.String({
      format: 'uuid',
      description: 'UUID made once by the client, kept over every retry; version 7 recommended.',
    }),
    kind: Type.String({
      format: 'kind',
      description: 'A kind of the catalogue, or a custom one: `[a-z][a-z0-9_]{0,39}`.',
    }),
    occurred_at: Type.String({
      format: 'rfc3339',
      description: "RFC 3339 instant with its zone, by the client's clock.",
    }),
    reader_id: Type.Optional(
      Type.String({ minLength: 1, maxLength: 200, description: 'The reader, when known.' }),
    ),
    device_id: Type.Optional(
      Type.String({ minLength: 1, maxLength: 200, description: 'The device or browser.' }),
    ),
    session_id: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'The visit.' })),
    page: Type.Optional(
      Type.Object(
        {
          url: text('Address.', 4000),
          referrer: text('Where the reader came from.', 4000),
          title: text('Title.', 1000),
        },
        closed,
      ),
    ),
    app: Type.Optional(
      Type.Object(
        {
          name: text('Program.', 200),
          version: text('Its version.', 100),
          platform: text('`web`, `ios`, `android`, `ereader` or `server`.', 40),
        },
        closed,
      ),
    ),
    items: Type.Optional(Type.Array(item, { maxItems: itemsMax, description: 'The titles it is about.' })),
    properties: Type.Optional(
      Type.Record(Type.String(), Type.Unknown(), { description: "The kind's own properties." }),
    ),
    user_agent: text(
      'Of the device for which a server sends. Taken from server keys, ignored of browser keys, as are `ip` and `source`.',
      1000,
    ),
    ip: Type.Optional(
      Type.String({ format: 'ip', maxLength: 45, description: 'Its address; only its network is stored.' }),
    ),
    source: Type.Optional(
      Type.String({
        format: 'source',
        description: "A part of the key's name: `[a-z0-9][a-z0-9_.-]{0,39}`; stored as `key/part`.",
      }),
    ),
  },
  closed,
);
