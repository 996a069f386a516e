import { Type } from '@sinclair/typebox';
import type { Secret } from '../secret.ts';

const texts = (description: string) =>
  Type.Array(Type.String({ minLength: 1 }), { default: [], description });

/** `collect.enrich`. */
export const enrichSchema = Type.Object(
  {
    ip: Type.Unsafe<'truncate' | 'keep' | 'drop'>({
      type: 'string',
      enum: ['truncate', 'keep', 'drop'],
      default: 'truncate',
      description: 'What is stored of an address: its network (/24, /48), the whole of it, or nothing.',
    }),
    trustedProxies: texts(
      'Proxies whose Forwarded or X-Forwarded-For is believed: addresses, networks such as 10.0.0.0/8, loopback, private.',
    ),
    countryHeader: Type.Optional(
      Type.String({
        pattern: '^[A-Za-z0-9-]+$',
        description:
          'The header in which your proxy tells the country, e.g. CF-IPCountry; believed from trustedProxies, or from everyone where there are none.',
      }),
    ),
    countryFile: Type.Optional(
      Type.String({
        minLength: 1,
        description:
          'A MaxMind database (.mmdb) of countries, for addresses whose country no header tells; relative to the project.',
      }),
    ),
    internalHosts: texts(
      'Other hosts of the store, e.g. where it is paid: who comes from there was here before.',
    ),
    clockToleranceSeconds: Type.Integer({
      default: 60,
      minimum: 1,
      maximum: 86_400,
      description:
        'A client whose clock is off by more has its times corrected by received - (sent - occurred).',
    }),
  },
  { description: 'What the collector adds to events.', additionalProperties: false },
);

/** `collect.pixel`. */
export const pixelSchema = Type.Object(
  {
    secret: Type.Optional(
      Type.Unsafe<Secret>({
        secret: true,
        description: 'Signs the addresses of pictures in mails; once it is there, unsigned ones are refused.',
      }),
    ),
    unsignedKeys: texts('Names of keys whose pictures need no signature.'),
  },
  { description: 'The picture of one point that mails open.', additionalProperties: false },
);
