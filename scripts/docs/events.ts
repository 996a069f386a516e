import {
  clickIds,
  deviceTypes,
  envelopeSchema,
  eventKinds,
  personalColumns,
  personalPaths,
  propertyDepthMax,
  referrerClasses,
  type EventKind,
} from '../../src/event/index.ts';
import { exampleOf } from './event-example.ts';
import { code, table } from './markdown.ts';
import { typeText, type JsonSchema } from './schema-text.ts';

const everyKind = new Set(personalPaths('page_view'));

/** The page of the envelope and of every kind of event. */
export function renderEvents(): string {
  return [
    '# Events',
    '',
    'An event is one thing that happened. Its envelope is the same for every kind; what belongs to one kind stands in',
    '`properties`. An unknown field of the envelope is an error. In `properties`, unknown fields are allowed and kept,',
    `up to ${propertyDepthMax} levels deep.`,
    '',
    'A kind that is not on this page is a custom kind: any name of `[a-z][a-z0-9_]{0,39}` with any properties.',
    'All properties of a custom kind count as personal.',
    '',
    '## Envelope',
    '',
    ...fields(envelopeSchema, ''),
    '',
    'The collector adds:',
    '',
    ...table(
      ['field', 'type', 'personal', 'meaning'],
      [
        ['`sent_at`', 'RFC 3339 instant', '', 'When the request was sent, if the client says so.'],
        ['`received_at`', 'RFC 3339 instant', '', 'When the collector took it.'],
        ['`source`', 'text', '', 'Name of the API key it came with.'],
        ['`user_agent`', 'text', personal('/user_agent'), 'Of the request.'],
        ['`ip`', 'text', personal('/ip'), 'Of the request, cut to /24 (IPv4) or /48 (IPv6).'],
        [
          '`device_occurred_at`',
          'RFC 3339 instant',
          '',
          'What the client said, where its clock was off and `occurred_at` is corrected.',
        ],
        [
          '`country`',
          'text',
          '',
          'ISO 3166-1 code, by the header of `collect.enrich.countryHeader` or the address.',
        ],
        ['`client.device`', 'text', '', `One of ${deviceTypes.map(code).join(', ')}.`],
        [
          '`client.os`, `.os_version`',
          'text',
          '',
          'System, by user agent and client hints; a version that browsers froze is left out.',
        ],
        [
          '`client.browser`, `.browser_version`',
          'text',
          '',
          'Browser, or the app around the page, e.g. `KakaoTalk`.',
        ],
        [
          '`client.bot`, `.bot_name`',
          'true or false, text',
          '',
          'Whether a robot sent it, and what it calls itself; `no user agent` for a request without one.',
        ],
        [
          '`campaign.source`, `.medium`, `.name`, `.term`, `.content`, `.id`',
          'text',
          '',
          '`utm_*` of `page.url`; `n_query` of a Naver ad is its term.',
        ],
        [
          '`campaign.click_id`, `.click_id_name`, `.network`',
          'text',
          personal('/campaign/click_id'),
          `Id of an ad's click (${[...clickIds.keys()].map(code).join(', ')}), its parameter and ad network.`,
        ],
        [
          '`referrer.class`, `.name`',
          'text',
          '',
          `One of ${referrerClasses.map(code).join(', ')}; the site, e.g. \`Naver\`, else its host. Back from signing in or paying is \`internal\`.`,
        ],
        ['`enriched_by`', 'text', '', 'Versions of the rules and files that these come from.'],
      ],
    ),
    '',
    `Personal columns of \`raw.events\` and \`raw.failed_events\`: ${[...personalColumns].map(code).join(', ')}.`,
    '',
    '## Kinds',
    '',
    ...table(
      ['kind', 'meaning'],
      [...eventKinds.values()].map(({ name, description }) => [`[${name}](#${name})`, description.en]),
    ),
    ...[...eventKinds.values()].flatMap(kindLines),
    '',
  ].join('\n');
}

function kindLines(kind: EventKind, index: number): readonly string[] {
  const needs = [
    ...(kind.itemsRequired ? ['at least one item'] : []),
    ...(kind.readerRequired ? ['`reader_id`'] : []),
  ];
  const own = Object.keys(kind.properties.properties).length > 0;
  return [
    '',
    `### ${kind.name}`,
    '',
    `${kind.description.en}${needs.length === 0 ? '' : ` Needs ${needs.join(' and ')}.`}` +
      (kind.ga4 ? ' Google Analytics 4 has it under the same name.' : ''),
    ...(own ? ['', ...fields(kind.properties, '/properties', new Set(kind.personal))] : []),
    '',
    '```json',
    JSON.stringify(exampleOf(kind, index), null, 2),
    '```',
  ];
}

function fields(schema: JsonSchema, path: string, among: ReadonlySet<string> = everyKind): readonly string[] {
  return table(['field', 'type', 'required', 'personal', 'meaning'], rows(schema, path, '', among));
}

function rows(
  schema: JsonSchema,
  path: string,
  prefix: string,
  among: ReadonlySet<string>,
): readonly (readonly string[])[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const required = schema.required?.includes(name) === true ? 'yes' : '';
    const pointer = `${path}/${name}`;
    const inner = field.type === 'array' ? (field.items ?? {}) : field;
    const label = `${prefix}${name}${field.type === 'array' ? '[]' : ''}`;
    return [
      [
        code(`${prefix}${name}`),
        typeText(field),
        required,
        personal(pointer, among),
        field.description ?? '',
      ],
      ...rows(inner, pointer, `${label}.`, among),
    ];
  });
}

function personal(pointer: string, among: ReadonlySet<string> = everyKind): string {
  return among.has(pointer) ? 'yes' : '';
}
