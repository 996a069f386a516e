import { randomBytes } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import avro from 'avsc';
import { OctavoError } from '../../base/index.ts';

/** An Avro schema as JSON. Attributes that Avro does not know (`field-id`) are kept in the file's header. */
export type AvroSchema = string | readonly AvroSchema[] | { readonly [attribute: string]: unknown };

/** What an Avro file holds: its header and its records, longs as bigint, map-like arrays as lists of pairs. */
export interface AvroFile {
  readonly header: Readonly<Record<string, string>>;
  readonly records: readonly Readonly<Record<string, unknown>>[];
}

const magic = Buffer.from('Obj\x01', 'latin1');
const syncBytes = 16;

const longType = avro.types.LongType.__with({
  fromBuffer: (buffer: Buffer) => buffer.readBigInt64LE(),
  toBuffer: (value: bigint) => {
    const buffer = Buffer.alloc(8);
    buffer.writeBigInt64LE(value);
    return buffer;
  },
  fromJSON: BigInt,
  toJSON: Number,
  isValid: (value: unknown) => typeof value === 'bigint',
  compare: (left: bigint, right: bigint) => (left < right ? -1 : left > right ? 1 : 0),
});

const types = new Map<string, avro.Type>();
const typesMax = 256;

// A name may stand for different records in different files, so every type gets a registry of its own. avsc makes
// code for each type, which takes longer than to read a small file with it.
function typeOf(schemaText: string): avro.Type {
  const known = types.get(schemaText);
  if (known !== undefined) return known;
  const schema = JSON.parse(schemaText) as never;
  const type = avro.Type.forSchema(schema, { registry: { long: longType }, assertLogicalTypes: false });
  if (types.size >= typesMax) types.clear();
  types.set(schemaText, type);
  return type;
}

const headerType = avro.Type.forSchema({ type: 'map', values: 'bytes' });
const countType = avro.Type.forSchema('long');

/*
 * Avro object container file (https://avro.apache.org/docs/1.12.0/specification/#object-container-files):
 *   "Obj" 0x01, header: map<bytes> (avro.schema, avro.codec, …), sync: 16 bytes,
 *   then blocks: count: long, size: long, deflated records, sync.
 */

/** An Avro container file, deflated. The header gets the schema's text as given, with every attribute. */
export function writeAvro(
  schema: AvroSchema,
  records: readonly Readonly<Record<string, unknown>>[],
  header: Readonly<Record<string, string>>,
): Buffer {
  const schemaText = JSON.stringify(schema);
  const type = typeOf(schemaText);
  const sync = randomBytes(syncBytes);
  const entries = { 'avro.schema': schemaText, 'avro.codec': 'deflate', ...header };
  const parts: Buffer[] = [magic, headerType.toBuffer(mapValues(entries, (text) => Buffer.from(text))), sync];
  for (let start = 0; start < records.length; start += recordsPerBlockMax) {
    const block = records.slice(start, start + recordsPerBlockMax);
    const bytes = deflateRawSync(Buffer.concat(block.map((record) => type.toBuffer(record))));
    parts.push(countType.toBuffer(block.length), countType.toBuffer(bytes.length), bytes, sync);
  }
  return Buffer.concat(parts);
}

/** Reads an Avro container file of any writer; `metadata_damaged` names the file when it is no whole one. */
export function readAvro(bytes: Buffer, path: string): AvroFile {
  try {
    return decodeAvro(bytes);
  } catch (cause) {
    if (cause instanceof OctavoError) throw cause;
    throw new OctavoError('metadata_damaged', path, { cause, details: { path } });
  }
}

function decodeAvro(bytes: Buffer): AvroFile {
  if (!bytes.subarray(0, magic.length).equals(magic)) throw new RangeError('no Avro file');
  const start = decode<Record<string, Buffer>>(headerType, bytes, magic.length);
  let { offset } = start;
  const header = mapValues(start.value, (text) => text.toString());
  const codec = header['avro.codec'] ?? 'null';
  if (codec !== 'null' && codec !== 'deflate') {
    throw new OctavoError(
      'table_unsupported',
      `a metadata file compressed with ${codec}; set write.avro.compression-codec to deflate`,
    );
  }
  const type = typeOf(header['avro.schema'] ?? '');
  const sync = bytes.subarray(offset, offset + syncBytes);
  offset += syncBytes;
  const records: Record<string, unknown>[] = [];
  while (offset < bytes.length) {
    const count = decode<number>(countType, bytes, offset);
    const size = decode<number>(countType, bytes, count.offset);
    const end = size.offset + size.value;
    if (!bytes.subarray(end, end + syncBytes).equals(sync))
      throw new RangeError('a block does not end with the sync marker');
    const raw = bytes.subarray(size.offset, end);
    const block = codec === 'deflate' ? inflateRawSync(raw) : raw;
    let at = 0;
    for (let index = 0; index < count.value; index++) {
      const record = decode<Record<string, unknown>>(type, block, at);
      records.push(record.value);
      at = record.offset;
    }
    if (at !== block.length) throw new RangeError('a block is longer than its records');
    offset = end + syncBytes;
  }
  return { header, records };
}

function decode<T>(type: avro.Type, bytes: Buffer, position: number): { value: T; offset: number } {
  const result = type.decode(bytes, position);
  if (result.offset < 0) throw new RangeError('the file ends within a value');
  return result;
}

function mapValues<T, U>(record: Readonly<Record<string, T>>, change: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}

const recordsPerBlockMax = 1000;
