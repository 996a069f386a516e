import { Type, type TSchema } from '@sinclair/typebox';
import type { Secret } from '../secret.ts';

/** A text with its default. */
export const text = (
  value: string,
  description: string,
  options: { readonly pattern?: string; readonly expected?: string; readonly zone?: boolean } = {},
) => Type.String({ default: value, description, minLength: 1, ...options });
/** A whole number with its default, from 1 unless told. */
export const whole = (
  value: number,
  description: string,
  range: { readonly minimum?: number; readonly maximum?: number } = {},
) => Type.Integer({ default: value, description, minimum: 1, ...range });
/** A switch. */
export const flag = (value: boolean, description: string) => Type.Boolean({ default: value, description });
/** One of a few names. */
export const oneOf = <const T extends readonly string[]>(values: T, value: T[number], description: string) =>
  Type.Unsafe<T[number]>({ type: 'string', enum: values, default: value, description });
/** A text that the environment holds. */
export const secret = (description: string) =>
  Type.Optional(Type.Unsafe<Secret>({ secret: true, description }));
/** An object of keys. */
export const section = <P extends Record<string, TSchema>>(description: string, properties: P) =>
  Type.Object(properties, { description, additionalProperties: false });
