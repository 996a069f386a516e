import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { suggestion } from '../base/index.ts';
import type { EventError, EventInput } from './envelope.ts';
import { eventSchema } from './event-schema.ts';
import { eventKinds } from './kinds.ts';

/** An event that holds, or why it does not. */
export type Validation =
  | { readonly valid: true; readonly event: EventInput }
  | { readonly valid: false; readonly error: EventError };

export type EventValidator = (value: unknown) => Validation;

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const instant = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})$/;

/** Whether the text is an RFC 3339 instant that exists. */
export function isInstant(text: string): boolean {
  return text.length <= 40 && instant.test(text) && !Number.isNaN(Date.parse(text));
}

/** Makes the validator of all kinds; compiled once, a microsecond or two an event. */
export function createEventValidator(): EventValidator {
  const ajv = new Ajv({ allErrors: false, strict: false, ownProperties: true, verbose: true });
  ajv.addFormat('uuid', uuid);
  ajv.addFormat('date-time', { validate: isInstant });
  const validators = new Map<string, ValidateFunction>(
    eventKinds.map((kind) => [kind.name, ajv.compile(eventSchema(kind))]),
  );
  const custom = ajv.compile(eventSchema(undefined));
  return (value) => {
    const name = (value as { readonly kind?: unknown } | null)?.kind;
    const validate = (typeof name === 'string' ? validators.get(name) : undefined) ?? custom;
    if (validate(value)) return { valid: true, event: value as EventInput };
    const broken = validate.errors?.[0];
    return { valid: false, error: broken === undefined ? unknownError : toEventError(broken) };
  };
}

const unknownError: EventError = { code: 'event_invalid', path: '', rule: 'schema', message: 'the event is not valid' };

function toEventError(broken: ErrorObject): EventError {
  const { keyword, instancePath, params } = broken;
  if (keyword === 'required') {
    const name = String(params['missingProperty']);
    return invalid(`${instancePath}/${name}`, 'required', `'${name}' is missing`);
  }
  if (keyword === 'additionalProperties') {
    const name = String(params['additionalProperty']);
    const known = Object.keys((broken.parentSchema as { readonly properties?: object }).properties ?? {});
    const hint = instancePath === '' ? '; what is your own belongs in `properties`' : '';
    return invalid(`${instancePath}/${name}`, 'unknown field', `there is no field '${name}'${suggestion(name, known)}${hint}`);
  }
  const limit = params['limit'] ?? params['format'] ?? params['type'] ?? params['pattern'] ?? '';
  const rule = limit === '' ? keyword : `${keyword}: ${String(limit)}`;
  const where = instancePath === '' ? 'the event' : instancePath;
  return invalid(instancePath, rule, `${where} ${broken.message ?? 'is not valid'}`);
}

function invalid(path: string, rule: string, message: string): EventError {
  return { code: 'event_invalid', path, rule, message };
}
