import type { TSchema } from '@sinclair/typebox';
import { eventSchema, itemSchema } from './event-schema.ts';
import { eventKinds } from './kinds.ts';

/** The catalogue as a page: `docs/reference/events.md`. */
export function renderEventReference(): string {
  const envelope = eventSchema(undefined);
  const kinds = eventKinds.map((kind) => {
    const rules = [
      kind.items === 'required' ? '`items` must name at least one title' : '',
      kind.readerRequired ? '`reader_id` is required' : '',
      kind.personal.length > 0 ? `personal: ${kind.personal.map((name) => `\`${name}\``).join(', ')}` : '',
    ].filter((rule) => rule !== '');
    const note = rules.length === 0 ? '' : `\n${rules.join('; ')}.\n`;
    const table = Object.keys(kind.properties.properties).length === 0 ? '' : `\n${fieldTable(kind.properties)}\n`;
    return `### \`${kind.name}\`\n\n${kind.description}\n${note}${table}`;
  });
  return [
    '# Events',
    '',
    'An event is one JSON object. Unknown fields are refused, except in `properties` and in an item, where anything is kept.',
    'A kind that is not below is kept too, when its name is small letters, digits and `_` (40 at most).',
    '',
    '## Envelope',
    '',
    fieldTable(envelope),
    '',
    '## Items',
    '',
    fieldTable(itemSchema),
    '',
    '## Kinds and their properties',
    '',
    kinds.join('\n'),
  ].join('\n');
}

function fieldTable(schema: TSchema): string {
  const { properties = {}, required = [] } = schema as { properties?: Record<string, TSchema>; required?: string[] };
  const rows = Object.entries(properties).map(([name, field]) => {
    const needed = required.includes(name) ? 'yes' : '';
    return `| \`${name}\` | ${typeOf(field)} | ${needed} | ${field.description ?? ''} |`;
  });
  return ['| field | type | required | meaning |', '|---|---|---|---|', ...rows].join('\n');
}

function typeOf(field: TSchema): string {
  const { type, format, minimum, maximum, maxLength, pattern } = field as Readonly<Record<string, unknown>>;
  const range = minimum === undefined ? '' : maximum === undefined ? ` >= ${String(minimum)}` : ` ${String(minimum)} to ${String(maximum)}`;
  const form = format === undefined ? (pattern === undefined ? '' : ` \`${String(pattern)}\``) : ` ${String(format)}`;
  return `${String(type)}${form}${range}${maxLength === undefined ? '' : `, at most ${String(maxLength)} characters`}`;
}
