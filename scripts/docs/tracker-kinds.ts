import { envelopeSchema, eventKinds, type EventKind } from '../../src/event/index.ts';
import type { JsonSchema } from './schema-text.ts';

/** The types of the tracker, from the catalogue: plain ones, so that a page's editor shows what each property means. */
export function renderTrackerKinds(): string {
  const { items, page, app } = envelopeSchema.properties;
  const readers = [...eventKinds.values()].filter((kind) => kind.readerRequired).map(({ name }) => name);
  return [
    '// Generated from the event catalogue by `node scripts/docs.ts`, do not edit.',
    '',
    '/** One title in an event. */',
    `export interface TrackedItem ${objectOf(items.items, '')}`,
    '',
    '/** An event as the tracker sends it. */',
    'export interface TrackedEvent {',
    '  readonly id: string;',
    '  readonly kind: string;',
    '  readonly occurred_at: string;',
    '  readonly reader_id?: string;',
    '  readonly device_id?: string;',
    '  readonly session_id?: string;',
    `  readonly page?: ${objectOf(page, '  ')};`,
    `  readonly app?: ${objectOf(app, '  ')};`,
    '  readonly items?: readonly TrackedItem[];',
    '  readonly properties: Readonly<Record<string, unknown>>;',
    '}',
    '',
    '/** Kinds that are only taken of a known reader. */',
    `export const readerKinds =\n  '${readers.join(' ')}';`,
    '',
    'type Own = Readonly<Record<string, unknown>>;',
    'type Items = { readonly items: readonly TrackedItem[] };',
    'type MaybeItems = { readonly items?: readonly TrackedItem[] };',
    '',
    '/** The properties of each kind of the catalogue; others are allowed beside them. */',
    'export interface KindProperties {',
    ...[...eventKinds.values()].flatMap(kindLines),
    '}',
    '',
  ].join('\n');
}

function kindLines(kind: EventKind): readonly string[] {
  const items = kind.itemsRequired ? 'Items' : 'MaybeItems';
  const needs = kind.readerRequired ? ' The reader must be known.' : '';
  return [
    `  /** ${kind.description.en}${needs} */`,
    `  ${kind.name}: ${objectOf(kind.properties, '  ')} & ${items} & Own;`,
  ];
}

function objectOf(schema: JsonSchema, indent: string): string {
  const entries = Object.entries(schema.properties ?? {});
  if (entries.length === 0) return '{}';
  const lines = entries.flatMap(([name, field]) => {
    const optional = schema.required?.includes(name) === true ? '' : '?';
    const about = field.description === undefined ? [] : [`${indent}  /** ${field.description} */`];
    return [...about, `${indent}  readonly ${name}${optional}: ${typeOf(field)};`];
  });
  return ['{', ...lines, `${indent}}`].join('\n');
}

function typeOf({ type }: JsonSchema): string {
  if (type === 'integer') return 'number';
  if (type === 'object') return 'Readonly<Record<string, unknown>>';
  return String(type);
}
