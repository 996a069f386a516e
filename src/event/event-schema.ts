import { Type, type TSchema } from '@sinclair/typebox';
import type { EventKind } from './kinds.ts';

const idMax = 200;
const urlMax = 4_000;
const itemsMax = 500;
const propertiesMax = 200;

const id = (description: string) => Type.Optional(Type.String({ description, minLength: 1, maxLength: idMax }));
const text = (description: string, maxLength = idMax) => Type.Optional(Type.String({ description, maxLength }));

/** A title in an event. */
export const itemSchema = Type.Object(
  {
    item_id: Type.String({ minLength: 1, maxLength: idMax, description: 'the title’s id' }),
    item_name: text('the title', urlMax),
    item_category: text('its category'),
    item_list_id: text('list it was shown in'),
    item_list_name: text('name of that list'),
    index: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000, description: 'position in the list, from 1' })),
    price: Type.Optional(Type.Number({ minimum: 0, maximum: 1e12, description: 'price of one copy' })),
    quantity: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000, description: 'copies' })),
    discount: Type.Optional(Type.Number({ minimum: 0, maximum: 1e12, description: 'taken off the price' })),
  },
  { additionalProperties: true },
);

/** The envelope; what belongs to one kind only is in `properties`. */
export function eventSchema(kind: EventKind | undefined): TSchema {
  const properties = kind?.properties ?? Type.Object({}, { additionalProperties: true });
  const bounded = { ...properties, maxProperties: propertiesMax };
  const needsProperties = (properties.required ?? []).length > 0;
  const items = Type.Array(itemSchema, { maxItems: itemsMax, ...(kind?.items === 'required' ? { minItems: 1 } : {}) });
  return Type.Object(
    {
      id: Type.String({ format: 'uuid', description: 'made once by the client, kept over every retry; version 7 recommended' }),
      kind: Type.String({ pattern: '^[a-z][a-z0-9_]{0,39}$', description: 'a kind of the catalogue, or a name of your own' }),
      occurred_at: Type.String({ format: 'date-time', description: 'when it happened, by the client’s clock (RFC 3339)' }),
      reader_id: kind?.readerRequired === true ? Type.String({ minLength: 1, maxLength: idMax }) : id('the reader, when known'),
      device_id: id('the device or browser'),
      session_id: id('the visit'),
      page: Type.Optional(
        Type.Object(
          { url: text('address', urlMax), referrer: text('where from', urlMax), title: text('title', urlMax) },
          { additionalProperties: false },
        ),
      ),
      app: Type.Optional(
        Type.Object(
          { name: text('program'), version: text('its version'), platform: text('web, ios, android, ereader or server') },
          { additionalProperties: false },
        ),
      ),
      items: kind?.items === 'required' ? items : Type.Optional(items),
      properties: needsProperties ? bounded : Type.Optional(bounded),
    },
    { additionalProperties: false },
  );
}
