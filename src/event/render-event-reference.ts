import type { TObject, TSchema } from '@sinclair/typebox';
import { eventKinds } from './catalogue.ts';
import { envelopeSchema } from './envelope-schema.ts';
import { personalPaths } from './privacy.ts';

/** The page `docs/reference/events.md`. */
export function renderEventReference(): string {
  const intro = [
    '# Events',
    '',
    'Every event has the fields of the envelope. A kind of the catalogue checks its properties; other properties are',
    'allowed and kept. Kinds that are not listed here are custom kinds: any name of `[a-z][a-z0-9_]{0,39}`, any properties.',
    'An unknown field outside `properties` is an error.',
    '',
    '## Envelope',
    '',
    ...table(envelopeSchema),
    '',
    '### Item',
    '',
    ...table(envelopeSchema.properties.items.items),
    '',
    `Personal in every event: ${personalPaths('page_view').map(code).join(', ')}.`,
    '',
    '## Kinds',
  ];
  const kinds = [...eventKinds.values()].flatMap((kind) => [
    '',
    `### ${kind.name}`,
    '',
    `${kind.description}${kind.ga4 ? ' Same name in Google Analytics 4.' : ''}`,
    ...(kind.itemsRequired ? ['', 'Needs at least one item.'] : []),
    ...(kind.readerRequired ? ['', 'Needs `reader_id`.'] : []),
    ...(kind.personal.length > 0 ? ['', `Personal: ${kind.personal.map(code).join(', ')}.`] : []),
    ...(Object.keys(kind.properties.properties).length > 0 ? ['', ...table(kind.properties)] : []),
  ]);
  return `${[...intro, ...kinds].join('\n')}\n`;
}

function table(schema: TObject): readonly string[] {
  const required = new Set(schema.required ?? []);
  const rows = Object.entries(schema.properties).map(
    ([name, field]: [string, TSchema]) =>
      `| ${code(name)} | ${String(field['type'])} | ${required.has(name) ? 'yes' : ''} | ${field.description ?? ''} |`,
  );
  return ['| field | type | required | meaning |', '|---|---|---|---|', ...rows];
}

const code = (text: string): string => `\`${text}\``;
