import { Type } from '@sinclair/typebox';

/** A text that may be left out. */
export const optionalText = (
  description: string,
  options: { readonly zone?: boolean; readonly expected?: string } = {},
) => Type.Optional(Type.String({ minLength: 1, description, ...options }));
/** A list of names, empty unless given. */
export const names = (description: string) =>
  Type.Array(Type.String({ minLength: 1 }), { default: [], description });

/** The value is the name of a time zone. */
export const zone = { zone: true, expected: 'an IANA name such as Asia/Seoul' } as const;
