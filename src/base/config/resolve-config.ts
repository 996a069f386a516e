import type { TSchema } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { OctavoError } from '../errors.ts';
import { Secret } from '../secret.ts';
import { suggestion } from '../suggest.ts';
import { columnTypeExpected, columnTypeNames, isColumnType } from './column-types.ts';
import { placeOf } from './place-of.ts';
import { configSchema, type Config } from './schema.ts';

/** Environment variables as the process got them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Where a configuration comes from. */
export interface ConfigOrigin {
  readonly env: Environment;
  /** Named in errors. Default `octavo.config.ts`. */
  readonly file?: string;
  /** The file's text; with it errors name the line. */
  readonly text?: string;
}

interface Place extends ConfigOrigin {
  readonly path: readonly string[];
}

interface Node extends TSchema {
  readonly properties?: Readonly<Record<string, Node>>;
  readonly patternProperties?: Readonly<Record<string, Node>>;
  readonly anyOf?: readonly Node[];
  readonly enum?: readonly string[];
  readonly secret?: boolean;
  /** The value is the name of a time zone. */
  readonly zone?: boolean;
  /** The value is a type of the SQL engine. */
  readonly columnType?: boolean;
  /** What an object's keys ask of each other. */
  readonly rules?: (
    filled: Readonly<Record<string, unknown>>,
  ) => { readonly key: string; readonly about: string } | undefined;
  readonly expected?: string;
  readonly required?: readonly string[] | undefined;
}

/**
 * Checks a configuration and fills in every default. Variables named like `OCTAVO_HTTP_PORT` win over
 * the file. Errors (`config_invalid`, `config_unknown_key`) name file, line, path and what is allowed.
 */
export function resolveConfig(spec: unknown, origin: ConfigOrigin): Config {
  return fill(configSchema, spec ?? {}, { ...origin, path: [] }) as Config;
}

/** The variable that overrides a key: `http.port` is `OCTAVO_HTTP_PORT`. */
export function variableOf(path: readonly string[]): string {
  return `OCTAVO_${path
    .join('_')
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toUpperCase()}`;
}

function fill(schema: Node, value: unknown, place: Place): unknown {
  if (schema.secret === true) return fillSecret(value, place);
  if (schema.anyOf !== undefined) return fillUnion(schema.anyOf, value, place);
  if (schema.properties !== undefined) return fillObject(schema, schema.properties, value, place);
  if (schema.patternProperties !== undefined)
    return fillRecord(schema, schema.patternProperties, value, place);
  const given = overridden(schema, value, place) ?? (schema['default'] as unknown);
  if (!fits(schema, given)) throw mismatch(schema, given, place);
  return given;
}

function fillObject(
  schema: Node,
  properties: Readonly<Record<string, Node>>,
  value: unknown,
  place: Place,
): unknown {
  const given = asObject(value ?? {}, place);
  const unknown = Object.keys(given).find((key) => !Object.hasOwn(properties, key));
  if (unknown !== undefined) {
    throw failure(
      'config_unknown_key',
      `is unknown${suggestion(unknown, Object.keys(properties))}`,
      below(place, unknown),
    );
  }
  const filled: Record<string, unknown> = {};
  for (const [key, child] of Object.entries(properties)) {
    const inner = below(place, key);
    const optional = schema.required?.includes(key) !== true;
    if (optional && given[key] === undefined && environmentText(inner) === undefined) continue;
    filled[key] = fill(child, given[key], inner);
  }
  const broken = schema.rules?.(filled);
  if (broken !== undefined) throw failure('config_invalid', broken.about, below(place, broken.key));
  return filled;
}

function fillRecord(
  schema: Node,
  patterns: Readonly<Record<string, Node>>,
  value: unknown,
  place: Place,
): unknown {
  const given = value ?? (schema['default'] as unknown);
  if (given === undefined) throw failure('config_invalid', 'is missing', place);
  const filled: Record<string, unknown> = {};
  for (const [key, child] of Object.entries(asObject(given, place))) {
    const matching = Object.entries(patterns).find(([pattern]) => new RegExp(pattern).test(key));
    if (matching === undefined) {
      throw failure(
        'config_invalid',
        `'${key}' is no allowed name, expected ${schema.expected ?? Object.keys(patterns).join()}`,
        below(place, key),
      );
    }
    filled[key] = fill(matching[1], child, below(place, key));
  }
  return filled;
}

function fillUnion(members: readonly Node[], value: unknown, place: Place): unknown {
  const given = asObject(value, place);
  const types = members.map((member) => String(member.properties?.['type']?.['const']));
  const type = given['type'];
  const chosen = members[types.indexOf(String(type))];
  if (chosen !== undefined) return fill(chosen, given, place);
  const wrong = type === undefined ? 'is missing' : `is ${show(type)}`;
  throw failure('config_invalid', `${wrong}${suggestion(String(type), types)}`, below(place, 'type'));
}

function fillSecret(value: unknown, place: Place): Secret {
  const direct = environmentText(place);
  if (direct !== undefined) return new Secret(direct);
  const name = typeof value === 'object' && value !== null && 'env' in value ? value.env : undefined;
  if (typeof name !== 'string' || name === '') {
    throw failure(
      'config_invalid',
      `is a secret, expected { env: 'NAME' } with the environment variable that holds it`,
      place,
    );
  }
  const secret = place.env[name];
  if (secret === undefined || secret === '')
    throw failure('config_invalid', `needs the environment variable ${name}, which is not set`, place);
  return new Secret(secret);
}

function overridden(schema: Node, value: unknown, place: Place): unknown {
  const text = environmentText(place);
  if (text === undefined) return value;
  if (schema['type'] === 'integer' || schema['type'] === 'number')
    return text.trim() === '' ? text : Number(text);
  if (schema['type'] === 'boolean') return { true: true, false: false, '1': true, '0': false }[text] ?? text;
  return schema['type'] === 'string' ? text : value;
}

function environmentText(place: Place): string | undefined {
  return ownNames.has(place.path[0] ?? '') ? undefined : place.env[variableOf(place.path)];
}

/** Keys below which people choose the names, so that no variable can be told from them. */
const ownNames = new Set(['sources', 'channels']);

function fits(schema: Node, value: unknown): boolean {
  if (schema.enum !== undefined) return typeof value === 'string' && schema.enum.includes(value);
  if (schema.zone === true) return typeof value === 'string' && isZone(value);
  if (schema.columnType === true) return typeof value === 'string' && isColumnType(value);
  return value !== undefined && Value.Check(schema, value);
}

/** Among what the value may have been meant to be one of. */
function namesOf(schema: Node): readonly string[] | undefined {
  if (schema.columnType === true) return columnTypeNames;
  return schema.zone === true ? Intl.supportedValuesOf('timeZone') : schema.enum;
}

function mismatch(schema: Node, value: unknown, place: Place): OctavoError {
  const variable = environmentText(place) === undefined ? '' : ` (from ${variableOf(place.path)})`;
  const names = namesOf(schema);
  const near = typeof value === 'string' && names !== undefined ? suggestion(value, names) : '';
  const wrong = value === undefined ? 'is missing' : `is ${show(value)}${variable}`;
  return failure(
    'config_invalid',
    `${wrong}, expected ${allowed(schema)}${near.includes('did you mean') ? near : ''}`,
    place,
  );
}

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name }).format();
    return true;
  } catch {
    return false;
  }
}

/** What a value of this schema may be, for people. */
export function allowed(schema: TSchema): string {
  const node = schema as Node;
  if (node.expected !== undefined) return node.expected;
  if (node.columnType === true) return columnTypeExpected;
  if (node.enum !== undefined) return `one of ${node.enum.map((each) => `'${each}'`).join(', ')}`;
  if (node['type'] === 'integer') {
    const [least, most] = [node['minimum'] as number | undefined, node['maximum'] as number | undefined];
    return `a whole number${least === undefined ? '' : ` from ${least}`}${most === undefined ? '' : ` to ${most}`}`;
  }
  if (node['type'] === 'array') return 'a list of texts';
  return { string: 'a text', boolean: 'true or false' }[String(node['type'])] ?? String(node['type']);
}

function asObject(value: unknown, place: Place): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw failure('config_invalid', `is ${show(value)}, expected an object`, place);
}

function show(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : (JSON.stringify(value) ?? String(value)).slice(0, 80);
}

function below(place: Place, key: string): Place {
  return { ...place, path: [...place.path, key] };
}

function failure(code: 'config_invalid' | 'config_unknown_key', about: string, place: Place): OctavoError {
  const file = place.file ?? 'octavo.config.ts';
  const line = place.text === undefined ? undefined : placeOf(place.text, place.path);
  const path = place.path.join('.');
  const where = `${file}${line === undefined ? '' : `:${line}`}`;
  return new OctavoError(code, `${where}: ${path}${path === '' ? '' : ' '}${about}`, {
    details: { file, line, path },
  });
}
