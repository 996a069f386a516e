import type { PrimitiveType } from './metadata.ts';
import { decimalOf } from './schema.ts';

/**
 * A single value: number for int, date (days), float and double; bigint for long, time and
 * timestamps (microseconds) and decimals (unscaled); text for string and uuid.
 */
export type SingleValue = boolean | number | bigint | string | Buffer;

/*
 * Single-value serialization (https://iceberg.apache.org/spec/#binary-single-value-serialization):
 *   boolean 1 byte; int, date 4 bytes; long, time, timestamp, timestamptz 8 bytes; float 4; double 8; all little endian
 *   string UTF-8; uuid 16 bytes big endian; fixed, binary as they are; decimal unscaled two's complement, big endian, fewest bytes
 */

/** The bytes of a bound. */
export function encodeValue(type: PrimitiveType, value: SingleValue): Buffer {
  switch (type) {
    case 'boolean':
      return Buffer.from([value === true ? 1 : 0]);
    case 'int':
    case 'date':
      return fixedBytes(4, (buffer) => buffer.writeInt32LE(Number(value)));
    case 'long':
    case 'time':
    case 'timestamp':
    case 'timestamptz':
      return fixedBytes(8, (buffer) => buffer.writeBigInt64LE(value as bigint));
    case 'float':
      return fixedBytes(4, (buffer) => buffer.writeFloatLE(Number(value)));
    case 'double':
      return fixedBytes(8, (buffer) => buffer.writeDoubleLE(Number(value)));
    case 'string':
      return Buffer.from(value as string, 'utf8');
    case 'uuid':
      return Buffer.from((value as string).replaceAll('-', ''), 'hex');
    default:
      return decimalOf(type) === undefined ? Buffer.from(value as Buffer) : unscaledBytes(value as bigint);
  }
}

/** The value of a bound's bytes; a bound written before int became long, or float double, is read as what it was. */
export function decodeValue(type: PrimitiveType, bytes: Buffer): SingleValue {
  switch (type) {
    case 'boolean':
      return bytes[0] !== 0;
    case 'int':
    case 'date':
      return bytes.readInt32LE();
    case 'long':
    case 'time':
    case 'timestamp':
    case 'timestamptz':
      return bytes.length === 4 ? BigInt(bytes.readInt32LE()) : bytes.readBigInt64LE();
    case 'float':
      return bytes.readFloatLE();
    case 'double':
      return bytes.length === 4 ? bytes.readFloatLE() : bytes.readDoubleLE();
    case 'string':
      return bytes.toString('utf8');
    case 'uuid':
      return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
    default:
      return decimalOf(type) === undefined ? bytes : unscaledValue(bytes);
  }
}

/** Below zero when left comes first. Texts compare by code points (as UTF-8 bytes do), not by UTF-16 units. */
export function compareValues(left: SingleValue, right: SingleValue): number {
  if (Buffer.isBuffer(left)) return Buffer.compare(left, right as Buffer);
  if (typeof left === 'string') return Buffer.compare(Buffer.from(left), Buffer.from(right as string));
  return left < right ? -1 : left > right ? 1 : 0;
}

/** A lower bound of at most `boundLengthMax` code points or bytes. */
export function truncateLower(value: SingleValue): SingleValue {
  if (typeof value === 'string') return firstPoints(value).join('');
  return Buffer.isBuffer(value) ? value.subarray(0, boundLengthMax) : value;
}

/** An upper bound of at most `boundLengthMax` code points or bytes; undefined when there is none so short. */
export function truncateUpper(value: SingleValue): SingleValue | undefined {
  if (typeof value === 'string') {
    const points = firstPoints(value);
    return points.join('').length === value.length ? value : nextText(points);
  }
  if (!Buffer.isBuffer(value) || value.length <= boundLengthMax) return value;
  const bytes = Buffer.from(value.subarray(0, boundLengthMax));
  for (let index = bytes.length - 1; index >= 0; index--) {
    const byte = bytes[index] as number;
    if (byte === 0xff) continue;
    bytes[index] = byte + 1;
    return bytes.subarray(0, index + 1);
  }
  return undefined;
}

// The least text of the same length or shorter that is greater than every text with this beginning.
function nextText(points: readonly string[]): string | undefined {
  for (let index = points.length - 1; index >= 0; index--) {
    const point = points[index]?.codePointAt(0) ?? 0;
    const next = point === 0xd7ff ? 0xe000 : point + 1;
    if (next <= 0x10ffff) return points.slice(0, index).join('') + String.fromCodePoint(next);
  }
  return undefined;
}

function firstPoints(text: string): readonly string[] {
  const points: string[] = [];
  for (const point of text) {
    if (points.length === boundLengthMax) break;
    points.push(point);
  }
  return points;
}

function fixedBytes(size: number, write: (buffer: Buffer) => void): Buffer {
  const buffer = Buffer.alloc(size);
  write(buffer);
  return buffer;
}

function unscaledBytes(value: bigint): Buffer {
  let size = 1;
  while (BigInt.asIntN(size * 8, value) !== value) size++;
  return Buffer.from(
    BigInt.asUintN(size * 8, value)
      .toString(16)
      .padStart(size * 2, '0'),
    'hex',
  );
}

function unscaledValue(bytes: Buffer): bigint {
  return bytes.length === 0 ? 0n : BigInt.asIntN(bytes.length * 8, BigInt(`0x${bytes.toString('hex')}`));
}

/** Code points or bytes kept of a text's bounds, as Iceberg's default metrics mode `truncate(16)`. */
export const boundLengthMax = 16;
