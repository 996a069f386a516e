import { Type, type Static } from '@sinclair/typebox';
import { OctavoError, parseYaml, suggestion } from '../../base/index.ts';
import { unknownChannel } from './channel.ts';

const closed = { additionalProperties: false } as const;
const literals = <const T extends readonly string[]>(values: T) =>
  Type.Union(values.map((value) => Type.Literal(value as T[number])));

/** On which days a page is sent: of every business day, of those that end on a weekday, or of a month's last. */
export const rhythms = [
  'day',
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'sunday',
  'month',
] as const;

const DeliverySpec = Type.Object(
  {
    id: Type.String({ pattern: '^[a-z][a-z0-9-]{0,62}$', description: 'small letters, digits and hyphens' }),
    page: Type.String({ description: 'name of a page' }),
    every: literals(rhythms),
    not_before: Type.Optional(
      Type.String({
        pattern: '^([01]\\d|2[0-3]):[0-5]\\d$',
        description: 'a wall-clock time as HH:MM; by itself as soon as the numbers are out',
      }),
    ),
    language: Type.Optional(literals(['ko', 'en'])),
    formats: Type.Optional(Type.Array(literals(['html', 'png']), { minItems: 1, description: 'html, png' })),
    controls: Type.Optional(
      Type.Record(Type.String(), Type.String(), { description: 'what the reader would choose' }),
    ),
    to: Type.Array(Type.String(), { minItems: 1, description: 'names of channels' }),
  },
  closed,
);

const DeliveryFile = Type.Object({ deliveries: Type.Array(DeliverySpec) }, closed);

/** A page that is sent on a schedule, as a file of `deliveries/` declares it. */
export type Delivery = Static<typeof DeliverySpec>;

/** Reads one file of `deliveries/`. Errors: `delivery_invalid` with file and line, what is allowed, and the nearest name. */
export function parseDeliveries(
  text: string,
  file: string,
  known: { readonly channels: readonly string[]; readonly pages: readonly string[] },
): readonly Delivery[] {
  const { deliveries } = parseYaml({ text, file, schema: DeliveryFile, code: 'delivery_invalid' });
  const fail = (about: string, word: string): never => {
    const line = text.split('\n').findIndex((one) => one.includes(word)) + 1;
    throw new OctavoError('delivery_invalid', `${file}:${line}: ${about}`, { details: { file, line } });
  };
  for (const { to, page } of deliveries) {
    if (!known.pages.includes(page)) fail(`unknown page '${page}'${suggestion(page, known.pages)}`, page);
    const channel = to.find((name) => !known.channels.includes(name));
    if (channel !== undefined) fail(unknownChannel(channel, known.channels), channel);
  }
  return deliveries;
}
