import { RE2JS } from 're2js';
import { OctavoError } from '../../../base/index.ts';
import { fieldNames, requestOf, sourcesOf, type FieldName } from './fields.ts';
import { lineFailure, type LineFailure, type LineParser, type LogRequest } from './log-request.ts';
import type { TimeParser } from './log-time.ts';

/** How named values of a line become a request. */
export interface RecordOptions {
  readonly time: TimeParser;
  /** Names by field, where they are not the usual ones; dots go into JSON objects. */
  readonly fields?: Readonly<Partial<Record<FieldName, string>>>;
  /** Names that are kept as properties. */
  readonly keep?: readonly string[];
}

/** Lines that are one JSON object each. */
export function jsonLine(options: RecordOptions): LineParser {
  const build = recordBuilder('json', options);
  return (line) => {
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      return lineFailure('json', 'the line is not valid JSON');
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return lineFailure('json', 'the line is no JSON object');
    return build((name) => valueAt(value as Readonly<Record<string, unknown>>, name));
  };
}

/** Lines of `name=value name="value with spaces"`. */
export function logfmtLine(options: RecordOptions): LineParser {
  const build = recordBuilder('logfmt', options);
  return (line) => {
    const values = readLogfmt(line);
    return values.size === 0
      ? lineFailure('logfmt', 'the line has no name=value')
      : build((name) => values.get(name));
  };
}

/**
 * Lines that a regular expression of one's own matches; its named groups are the fields. It runs in time that grows with the
 * line only (RE2), whatever the expression. Errors: `ship_config_invalid`.
 */
export function expressionLine(expression: string, options: RecordOptions): LineParser {
  const compiled = compileExpression(expression);
  const names = Object.keys(compiled.namedGroups());
  if (names.length === 0)
    throw new OctavoError('ship_config_invalid', `'${expression}' has no named groups such as (?<time>…)`);
  const build = recordBuilder('regex', options);
  return (line) => {
    const matcher = compiled.matcher(line);
    if (!matcher.find()) return lineFailure('regex', 'the expression does not match the line');
    return build((name) => (names.includes(name) ? (matcher.group(name) ?? undefined) : undefined));
  };
}

/** An expression that matches in linear time. Errors: `ship_config_invalid`. */
export function compileExpression(expression: string): RE2JS {
  try {
    return RE2JS.compile(expression);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new OctavoError('ship_config_invalid', `the expression '${expression}': ${why}`, { cause });
  }
}

type ValueOf = (name: string) => unknown;

function recordBuilder(
  format: string,
  options: RecordOptions,
): (valueOf: ValueOf) => LogRequest | LineFailure {
  const { time, fields = {}, keep = [] } = options;
  const sources = sourcesOf(fields);
  return (valueOf) => {
    const texts = new Map<FieldName, string>();
    for (const field of fieldNames) {
      for (const name of sources[field]) {
        const text = textOf(valueOf(name));
        if (text === undefined) continue;
        texts.set(field, text);
        break;
      }
    }
    const extra =
      keep.length === 0
        ? undefined
        : Object.fromEntries(keep.map((name) => [name.replaceAll('.', '_'), valueOf(name)]));
    return requestOf(format, (field) => texts.get(field), { time, extra });
  };
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value === '' || value === '-' ? undefined : value;
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  return undefined;
}

/** The value under a name; dots lead into objects, unless the name with its dots is there. */
function valueAt(record: Readonly<Record<string, unknown>>, name: string): unknown {
  if (Object.hasOwn(record, name)) return record[name];
  let value: unknown = record;
  for (const part of name.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[part];
  }
  return value;
}

function readLogfmt(line: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  let at = 0;
  while (at < line.length) {
    while (line.charCodeAt(at) === space) at++;
    const start = at;
    while (at < line.length && line.charCodeAt(at) !== space && line.charCodeAt(at) !== equals) at++;
    const name = line.slice(start, at);
    if (line.charCodeAt(at) !== equals) continue;
    at += 1;
    if (line.charCodeAt(at) !== quote) {
      const end = line.indexOf(' ', at);
      values.set(name, line.slice(at, end < 0 ? line.length : end));
      at = end < 0 ? line.length : end;
      continue;
    }
    const from = ++at;
    while (at < line.length && line.charCodeAt(at) !== quote) at += line.charCodeAt(at) === backslash ? 2 : 1;
    values.set(
      name,
      line.slice(from, at).replaceAll(/\\(.)/g, (_all, letter: string) => escapes[letter] ?? letter),
    );
    at += 1;
  }
  return values;
}

const space = 32;
const equals = 61;
const quote = 34;
const backslash = 92;
const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };
