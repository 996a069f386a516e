import { TypeCompiler, ValueErrorType, type ValueError } from '@sinclair/typebox/compiler';
import { Value } from '@sinclair/typebox/value';
import type { Static, TSchema } from '@sinclair/typebox';
import { LineCounter, parseDocument, type Document } from 'yaml';
import { OctavoError, type ErrorCode } from './errors.ts';
import { nearestName, suggestion } from './suggest.ts';

/**
 * Reads a YAML text that must match a schema, and fills the schema's defaults in.
 * An error carries the given code and names file, line, path, what is allowed, and the nearest name.
 */
export function parseYaml<T extends TSchema>(options: {
  readonly text: string;
  /** Shown in errors. */
  readonly file: string;
  readonly schema: T;
  readonly code: ErrorCode;
  /** Added to line numbers, for YAML inside another file. Default 0. */
  readonly lineOffset?: number;
}): Static<T> {
  const { file, schema, code } = options;
  const lines = new LineCounter();
  const document = parseDocument(options.text, { lineCounter: lines, prettyErrors: false });
  const fail = (offset: number, about: string): never => {
    const line = lines.linePos(offset).line + (options.lineOffset ?? 0);
    throw new OctavoError(code, `${file}:${line}: ${about}`, { details: { file, line } });
  };
  const broken = document.errors[0];
  if (broken !== undefined) fail(broken.pos[0], broken.message);
  const value: unknown = document.toJS() ?? {};
  const error = TypeCompiler.Compile(schema).Errors(value).First();
  if (error !== undefined) fail(offsetOf(document, error), explain(error));
  return Value.Default(schema, value);
}

function explain(error: ValueError): string {
  const at = error.path.slice(1).replaceAll('/', '.');
  const name = at.split('.').at(-1) ?? '';
  if (error.type === ValueErrorType.ObjectAdditionalProperties) {
    return `unknown key '${at}'${suggestion(name, Object.keys((error.schema.properties ?? {}) as object))}`;
  }
  if (error.type === ValueErrorType.ObjectRequiredProperty) return `'${at}' is missing`;
  return `'${at}' is ${JSON.stringify(error.value)}, expected ${allowed(error.schema)}${nearest(error)}`;
}

/** The nearest of the texts that are allowed. */
function nearest({ value, schema }: ValueError): string {
  const members = (schema as Readonly<Record<string, unknown>>)['anyOf'];
  if (typeof value !== 'string' || !Array.isArray(members)) return '';
  const texts = members.map((member: Readonly<Record<string, unknown>>) => member['const']);
  const name = nearestName(
    value,
    texts.filter((text) => typeof text === 'string'),
  );
  return name === undefined ? '' : `, did you mean '${name}'?`;
}

function allowed(schema: TSchema): string {
  const { anyOf, const: constant, type, pattern, description } = schema as Readonly<Record<string, unknown>>;
  if (Array.isArray(anyOf)) return anyOf.map((member) => allowed(member as TSchema)).join(' or ');
  if (constant !== undefined) return JSON.stringify(constant);
  const form = typeof pattern === 'string' ? ` like ${pattern}` : '';
  const meaning = typeof description === 'string' ? ` (${description})` : '';
  return `${String(type ?? 'another value')}${form}${meaning}`;
}

/** The line, from 1, at which a part of a YAML text begins: the value itself where it stands, else the nearest parent. */
export function yamlLine(text: string, path: readonly string[]): number {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  return lines.linePos(offsetAt(document, path)).line;
}

/** Where the error's path begins in the text. */
function offsetOf(document: Document, error: ValueError): number {
  return offsetAt(document, error.path.split('/').slice(1));
}

function offsetAt(document: Document, path: readonly string[]): number {
  for (let length = path.length; length > 0; length--) {
    const node: unknown = document.getIn(path.slice(0, length), true);
    const range = (node as { readonly range?: readonly number[] } | undefined)?.range;
    if (range?.[0] !== undefined) return range[0];
  }
  return 0;
}
