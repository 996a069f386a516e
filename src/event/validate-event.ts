import { TypeCompiler, type TypeCheck } from '@sinclair/typebox/compiler';
import type { TObject, TSchema } from '@sinclair/typebox';
import { suggestion } from '../base/index.ts';
import { eventKinds, type EventKind } from './catalogue.ts';
import type { EventError, EventFacts, EventInput } from './envelope.ts';
import { envelopeSchema } from './envelope-schema.ts';

/** Levels of objects and arrays inside `properties`. */
export const propertyDepthMax = 8;

const envelope = TypeCompiler.Compile(envelopeSchema);
const noProperties = Object.freeze({});
const kinds: ReadonlyMap<string, CheckedKind> = new Map(
  [...eventKinds].map(([name, kind]) => {
    const properties = TypeCompiler.Compile(kind.properties);
    return [name, { kind, properties, empty: properties.Check(noProperties) }];
  }),
);

interface CheckedKind {
  readonly kind: EventKind;
  readonly properties: TypeCheck<TObject>;
  /** Whether it needs no properties. */
  readonly empty: boolean;
}

/** Whether the result of `validateEvent` is an error. */
export function isEventError(result: EventInput | EventError): result is EventError {
  return 'rule' in result;
}

/**
 * Checks anything against the envelope and, for a kind of the catalogue, its properties. Returns the
 * same object when it is an event, else the first broken rule with a JSON pointer to it.
 */
export function validateEvent(value: unknown): EventInput | EventError {
  if (!envelope.Check(value)) return firstError(envelope, value, '');
  const event = value as EventInput;
  return kindError(event, event.items !== undefined && event.items.length > 0) ?? event;
}

/** What an event, which keeps the envelope's rules, breaks of those of its kind. */
export function kindError(
  event: Pick<EventFacts, 'kind' | 'reader_id' | 'properties'>,
  hasItems: boolean,
): EventError | undefined {
  const known = kinds.get(event.kind);
  if (known !== undefined) {
    if (known.kind.readerRequired && event.reader_id === undefined) return missing('/reader_id', event.kind);
    if (known.kind.itemsRequired && !hasItems) return missing('/items', event.kind);
    // Where nothing is needed, nothing is right.
    if (event.properties === undefined && known.empty) return undefined;
    const properties = event.properties ?? noProperties;
    if (!known.properties.Check(properties)) return firstError(known.properties, properties, '/properties');
  }
  if (event.properties !== undefined && !isShallow(event.properties, propertyDepthMax)) {
    return invalid(
      '/properties',
      `depth: ${propertyDepthMax}`,
      `properties are nested deeper than ${propertyDepthMax} levels`,
    );
  }
  return undefined;
}

function missing(path: string, kind: string): EventError {
  return invalid(path, 'required', `${path} is required for the kind '${kind}'`);
}

function invalid(path: string, rule: string, message: string): EventError {
  return { code: 'event_invalid', path, rule, message };
}

function firstError(check: TypeCheck<TSchema>, value: unknown, prefix: string): EventError {
  const found = check.Errors(value).First();
  if (found === undefined) return invalid(prefix, 'schema', 'the event is not valid');
  const path = prefix + found.path;
  const schema = found.schema as Readonly<Record<string, unknown>>;
  const at = path === '' ? 'the event' : path;
  if (found.message.includes('Unexpected property')) {
    const name = unescape(found.path.slice(found.path.lastIndexOf('/') + 1));
    const hint = suggestion(name, Object.keys(schema['properties'] ?? parentOf(found.path)));
    return invalid(
      path,
      'unknown field',
      `${at} is no field of an event${hint}; put what is your own into /properties`,
    );
  }
  if (found.value === undefined) return invalid(path, 'required', `${at} is required`);
  const format = formatRules[String(schema['format'])];
  if (format !== undefined && isKeywordMessage('format', found.message))
    return invalid(path, `format: ${String(schema['format'])}`, `${at} must be ${format}`);
  for (const keyword of ['format', 'minLength', 'maxLength', 'minimum', 'maximum', 'maxItems']) {
    if (schema[keyword] !== undefined && isKeywordMessage(keyword, found.message)) {
      return invalid(
        path,
        `${keyword}: ${String(schema[keyword])}`,
        `${at} breaks the rule ${keyword}: ${String(schema[keyword])}`,
      );
    }
  }
  const type = String(schema['type'] ?? 'object');
  return invalid(path, `type: ${type}`, `${at} must be of the type ${type}`);
}

/** What each format asks for, in words. */
const formatRules: Readonly<Record<string, string>> = {
  rfc3339:
    'an RFC 3339 instant with its zone, of the years 2000 to 2099, such as 2026-03-01T10:00:00+09:00; there are no leap seconds',
  uuid: 'a UUID such as 0192f0c1-7e2a-7c3d-9a4b-0123456789ab',
  kind: 'a small letter, then at most 39 small letters, digits and _',
  ip: 'an address of IPv4 or IPv6',
  source: 'a small letter or digit, then at most 39 of those and . _ -',
};

const keywordMessages: Readonly<Record<string, string>> = {
  format: 'format',
  minLength: 'length greater or equal',
  maxLength: 'length less or equal',
  minimum: 'to be greater or equal',
  maximum: 'to be less or equal',
  maxItems: 'array length to be less or equal',
};

function isKeywordMessage(keyword: string, message: string): boolean {
  return message.includes(keywordMessages[keyword] ?? keyword);
}

function parentOf(path: string): object {
  const properties = envelopeSchema.properties;
  if (path.startsWith('/page/')) return properties.page.properties;
  if (path.startsWith('/app/')) return properties.app.properties;
  if (path.startsWith('/items/')) return properties.items.items.properties;
  return properties;
}

function unescape(part: string): string {
  return part.replaceAll('~1', '/').replaceAll('~0', '~');
}

function isShallow(value: object, levels: number): boolean {
  for (const key in value) {
    const inner = (value as Record<string, unknown>)[key];
    if (typeof inner === 'object' && inner !== null && (levels <= 1 || !isShallow(inner, levels - 1)))
      return false;
  }
  return true;
}
