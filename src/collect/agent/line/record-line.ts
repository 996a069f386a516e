import { RE2JS } from 're2js';
import { OctavoError } from '../../../base/index.ts';
import { connectionIp, type ClientRule } from './client-ip.ts';
import {
  isUnitless,
  perSecondOf,
  sourcesOf,
  type DeclaredFields,
  type FieldSources,
} from './field-sources.ts';
import { fieldNames, isStatus, requestOf, type FieldName } from './fields.ts';
import { readLogfmt } from './logfmt.ts';
import { lineFailure, type LineFailure, type LineParser, type LogRequest } from './log-request.ts';
import type { TimeParser } from './log-time.ts';
import { recordShapes, type RecordShape } from './record-shapes.ts';
import { firstKeys, isObject, valuePath, type ValuePath } from './value-path.ts';

/** How named values of a line become a request. */
export interface RecordOptions {
  readonly time: TimeParser;
  /** Names by field, where they are not the usual ones; dots go into JSON objects, `[0]` into lists. */
  readonly fields?: DeclaredFields;
  /** Names that are kept as properties. */
  readonly keep?: readonly string[];
  readonly client?: ClientRule;
}

/** Lines that are one JSON object each. */
export function jsonLine(options: RecordOptions): LineParser {
  const build = recordBuilder('json', options, recordShapes);
  const paths = new Map<string, ValuePath>();
  const pathOf = (name: string): ValuePath => {
    const known = paths.get(name);
    if (known !== undefined) return known;
    const path = valuePath(name);
    paths.set(name, path);
    return path;
  };
  return (line) => {
    let value: unknown;
    try {
      value = JSON.parse(line);
      // As Docker wraps what a program writes.
      if (isObject(value) && typeof value['log'] === 'string' && typeof value['stream'] === 'string')
        value = JSON.parse(value['log']);
    } catch {
      return lineFailure('json', 'the line is not valid JSON');
    }
    if (!isObject(value)) return lineFailure('json', 'the line is no JSON object');
    const record = value;
    return build(Object.keys(record), (name) => pathOf(name)(record));
  };
}

/** Lines of `name=value name="value with spaces"`. */
export function logfmtLine(options: RecordOptions): LineParser {
  const build = recordBuilder('logfmt', options, recordShapes);
  return (line) => {
    const values = readLogfmt(line);
    return values.size === 0
      ? lineFailure('logfmt', 'the line has no name=value')
      : build([...values.keys()], (name) => values.get(name));
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
  const build = recordBuilder('regex', options, []);
  return (line) => {
    const matcher = compiled.matcher(line);
    if (!matcher.find()) return lineFailure('regex', 'the expression does not match the line');
    return build(names, (name) => (names.includes(name) ? (matcher.group(name) ?? undefined) : undefined));
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
/** Puts a line together from what its outer names are, and what their values. */
type RecordBuilder = (keys: readonly string[], valueOf: ValueOf) => LogRequest | LineFailure;

/** One way to read a line. */
interface Reading {
  readonly marks: RecordShape['marks'];
  readonly sources: FieldSources;
  readonly perSecond: number | undefined;
}

function recordBuilder(
  format: string,
  { time, fields = {}, keep = [], client = connectionIp }: RecordOptions,
  shapes: readonly RecordShape[],
): RecordBuilder {
  const layoutOf = layouts([
    ...shapes.map(({ marks, perSecond, fields: own }) => ({
      marks,
      perSecond,
      sources: sourcesOf(fields, own),
    })),
    { marks: [[]], perSecond: undefined, sources: sourcesOf(fields) },
  ]);
  return (keys, valueOf) => {
    const has = (name: string): boolean => valueOf(name) !== undefined;
    const reading = layoutOf(keys).find(({ marks }) => marks.some((names) => names.every(has)));
    if (reading === undefined) return lineFailure(format, 'the line has no names');
    const { sources, perSecond } = reading;
    const texts: Partial<Record<FieldName, string>> = {};
    for (const field of fieldNames) {
      for (const name of sources[field]) {
        const text = textOf(valueOf(name), field);
        if (text === undefined || (fields[field] === undefined && isOther(field, name, text))) continue;
        texts[field] = field === 'seconds' ? secondsText(text, perSecond ?? perSecondOf(name)) : text;
        break;
      }
    }
    const extra =
      keep.length === 0
        ? undefined
        : Object.fromEntries(keep.map((name) => [propertyName(name), valueOf(name)]));
    const asked =
      sources.request.some((name) => isPlace(valueOf(name))) ||
      sources.target.some((name) => isPlace(valueOf(name)));
    return requestOf(format, (field) => texts[field], { time, client, asked, extra });
  };
}

const layoutsMax = 200;

/**
 * What remains of the ways to read a line when it has these outer names. Most lines of a log have the same ones: what is in none of
 * them is not looked for in each. Names that are in no way change nothing, so a line may have any of them.
 */
function layouts(readings: readonly Reading[]): (keys: readonly string[]) => readonly Reading[] {
  const names = readings.flatMap(({ marks, sources }) => [
    ...marks.flat(),
    ...Object.values(sources as Readonly<Record<string, readonly string[]>>).flat(),
  ]);
  const starts = new Map(names.map((name) => [name, firstKeys(name)]));
  const known = new Set([...starts.values()].flat());
  const found = new Map<string, readonly Reading[]>();
  return (keys) => {
    let signature = '';
    for (const key of keys) if (known.has(key)) signature += `${key}\n`;
    const before = found.get(signature);
    if (before !== undefined) return before;
    if (found.size >= layoutsMax) found.clear();
    const own = new Set(keys);
    const layout = possible(readings, (name) => starts.get(name)?.some((key) => own.has(key)) ?? false);
    found.set(signature, layout);
    return layout;
  };
}

function possible(readings: readonly Reading[], can: (name: string) => boolean): readonly Reading[] {
  return readings
    .map(({ marks, sources, perSecond }) => ({
      marks: marks.filter((names) => names.every(can)),
      sources: Object.fromEntries(
        fieldNames.map((field): [FieldName, readonly string[]] => [field, sources[field].filter(can)]),
      ) as FieldSources,
      perSecond,
    }))
    .filter(({ marks }) => marks.length > 0);
}

/** Whether a value under one of the usual names is not the field: they are also names of other things. */
function isOther(field: FieldName, name: string, text: string): boolean {
  if (field === 'status') return !isStatus(text);
  return field === 'seconds' && isUnitless(name, text);
}

/** Whether a value stands where a text could. */
function isPlace(value: unknown): boolean {
  return typeof value === 'string' || value === null;
}

/** `headers.User-Agent[0]` as a name without dots. */
function propertyName(name: string): string {
  return name.replaceAll(/[.[\]]+/g, '_').replace(/_$/, '');
}

function secondsText(text: string, perSecond: number): string {
  const value = Number(text);
  return perSecond === 1 || Number.isNaN(value) ? text : String(value / perSecond);
}

function textOf(value: unknown, field: FieldName): string | undefined {
  if (typeof value === 'string') return value === '' || value === '-' ? undefined : value;
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (!Array.isArray(value)) return undefined;
  const isChain = field === 'forwarded_for' || field === 'forwarded';
  return isChain ? textOf(value.join(', '), field) : textOf(value[0], 'time');
}
