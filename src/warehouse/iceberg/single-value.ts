import type { SingleValue } from './bounds.ts';
import { epochDay } from './data-file.ts';
import type { PrimitiveType } from './metadata.ts';
import { decimalOf } from './schema.ts';

/**
 * The value that a text stands for, e.g. `2024-02-03 01:02:03.5+00`, `12.34`, `\xAA`; undefined
 * when the text is no such value (or one outside what Iceberg can hold).
 */
export function parseValue(type: PrimitiveType, text: string): SingleValue | undefined {
  switch (type) {
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : undefined;
    case 'int':
      return /^-?\d+$/.test(text) ? Number(text) : undefined;
    case 'long':
      return /^-?\d+$/.test(text) ? BigInt(text) : undefined;
    case 'float':
    case 'double':
      return text.trim() === '' || Number.isNaN(Number(text)) ? undefined : Number(text);
    case 'date':
      return /^\d{4}-\d{2}-\d{2}$/.test(text) ? epochDay(text) : undefined;
    case 'time':
      return microsOfTime(text);
    case 'timestamp':
    case 'timestamptz':
      return microsOfInstant(text);
    case 'string':
    case 'uuid':
      return text;
    case 'binary':
      return parseBlob(text);
    default:
      return parseDecimal(type, text);
  }
}

function parseDecimal(type: PrimitiveType, text: string): bigint | undefined {
  const decimal = decimalOf(type);
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
  if (decimal === undefined || match === null) return undefined;
  const fraction = (match[3] ?? '').replace(/0+$/, '');
  if (fraction.length > decimal.scale) return undefined;
  const unscaled = BigInt(`${match[2]}${fraction.padEnd(decimal.scale, '0')}`);
  return match[1] === '-' ? -unscaled : unscaled;
}

function microsOfTime(text: string): bigint | undefined {
  const match = /^(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,6}))?$/.exec(text);
  if (match === null) return undefined;
  const seconds = (BigInt(match[1] ?? 0) * 60n + BigInt(match[2] ?? 0)) * 60n + BigInt(match[3] ?? 0);
  return seconds * 1_000_000n + BigInt((match[4] ?? '').padEnd(6, '0'));
}

function microsOfInstant(text: string): bigint | undefined {
  const match = /^(\d{4}-\d{2}-\d{2})[ T]([\d:]+(?:\.\d{1,6})?)(?:Z|([+-])(\d{2})(?::?(\d{2}))?)?$/.exec(
    text,
  );
  const time = match === null ? undefined : microsOfTime(match[2] ?? '');
  if (match === null || time === undefined) return undefined;
  const offset = (BigInt(match[4] ?? 0) * 60n + BigInt(match[5] ?? 0)) * 60_000_000n;
  const local = BigInt(epochDay(match[1] ?? '')) * 86_400_000_000n + time;
  return match[3] === '-' ? local + offset : local - offset;
}

function parseBlob(text: string): Buffer {
  const parts = text.match(/\\x[0-9A-Fa-f]{2}|[^]/g) ?? [];
  return Buffer.concat(
    parts.map((part) =>
      part.length === 4 ? Buffer.from(part.slice(2), 'hex') : Buffer.from(part, 'latin1'),
    ),
  );
}
