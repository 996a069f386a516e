import { Consumer, crc32c, kGetApi } from '@platformatic/kafka';
import type { API, Callback, Connection, Reader, ResponseParser } from '@platformatic/kafka';
import { hasCode, OctavoError } from '../../base/index.ts';
import type { LogOffset } from '../event-log.ts';

/** A batch of records whose bytes are not those that were written. */
export interface DamagedBatch {
  readonly firstOffset: LogOffset;
  /** Undefined when the batch no longer says how many records it had. */
  readonly nextOffset: LogOffset | undefined;
  readonly lengthBytes: number;
  /** Bytes of whole batches that lie before it in the same answer. */
  readonly bytesBefore: number;
}

/**
 * A consumer that compares every batch it fetches with the CRC-32C in the batch's head, before it unpacks anything: the
 * client itself does not, and the brokers send what lies on their disks. A fetch with a damaged batch fails with
 * `log_damaged`; see `damagedIn`.
 */
export class CheckedConsumer extends Consumer {
  override [kGetApi]<A extends unknown[], R>(name: string, callback: Callback<API<A, R>>): void {
    super[kGetApi]<A, R>(name, (error, api) => {
      if (name === 'Fetch' && api !== undefined && api.version >= checkedVersionLeast)
        callback(error, checkedApi(api));
      else callback(error, api);
    });
  }
}

/** The damaged batch that a failed fetch tells of; undefined when it failed otherwise. */
export function damagedIn(thrown: unknown): DamagedBatch | undefined {
  for (let error = thrown; error instanceof Error; error = innerOf(error))
    if (hasCode(error, 'log_damaged'))
      return (error as OctavoError & { readonly batch?: DamagedBatch }).batch;
  return undefined;
}

// Versions before this one are laid out in another way; Kafka 2.7 and newer know it.
const checkedVersionLeast = 12;
const topicIdsVersionLeast = 13;

function innerOf(error: Error): unknown {
  return error instanceof AggregateError ? error.errors.at(-1) : error.cause;
}

/** The same request over the same connection; only its answer is looked through before it is read. */
function checkedApi<A extends unknown[], R>(api: API<A, R>): API<A, R> {
  const call = api as unknown as (connection: Connection, ...rest: unknown[]) => void;
  const checked = (connection: Connection, ...rest: unknown[]): void => {
    const send: Connection['send'] = (key, version, request, parser, ...more) => {
      const parse: ResponseParser<never> = (correlationId, apiKey, apiVersion, reader) => {
        const begin = reader.position;
        checkFetched(reader, apiVersion);
        reader.position = begin;
        return parser(correlationId, apiKey, apiVersion, reader) as never;
      };
      return connection.send(key, version, request, parse, ...more);
    };
    call({ send } as Connection, ...rest);
  };
  const { async, key, version } = api;
  return Object.assign(checked, { async, key, version });
}

/** Walks over the answer to a fetch. Errors: `log_damaged`, of the first batch that is. */
function checkFetched(reader: Reader, apiVersion: number): void {
  reader.skip(throttleErrorSessionBytes);
  reader.readArray((topics) => {
    if (apiVersion >= topicIdsVersionLeast) topics.readUUID();
    else topics.readString();
    topics.readArray(
      (partitions) => {
        partitions.skip(partitionHeadBytes);
        partitions.readNullableArray((aborted) => aborted.skip(abortedBytes));
        partitions.skip(preferredReplicaBytes);
        const sizeBytes = partitions.readUnsignedVarInt() - 1;
        if (sizeBytes > 0) {
          const { position, buffer } = partitions;
          checkBatches(buffer.slice(position, position + sizeBytes));
          partitions.skip(sizeBytes);
        }
        partitions.readTaggedFields();
      },
      true,
      false,
    );
  });
}

/** Compares each whole batch with its checksum. The last one may be cut off, the first never is. */
export function checkBatches(bytes: Buffer): void {
  for (let position = 0; position + headBytes <= bytes.length;) {
    const firstOffset = Number(bytes.readBigInt64BE(position));
    const end = position + prefixBytes + bytes.readInt32BE(position + lengthAt);
    const whole = end >= position + headBytes && end <= bytes.length;
    if (!whole && position > 0) return;
    // Older formats have another checksum; the topic's own records are never of them.
    if (whole && bytes.readInt8(position + magicAt) !== magic) return;
    const fits =
      whole && crc32c(bytes.subarray(position + checkedAt, end)) === bytes.readUInt32BE(position + crcAt);
    if (!fits) {
      const [last, records] = [
        bytes.readInt32BE(position + lastDeltaAt),
        bytes.readInt32BE(position + countAt),
      ];
      const known = whole && last >= 0 && records === last + 1;
      throw damaged({
        firstOffset,
        nextOffset: known ? firstOffset + records : undefined,
        lengthBytes: whole ? end - position : bytes.length - position,
        bytesBefore: position,
      });
    }
    position = end;
  }
}

function damaged(batch: DamagedBatch): OctavoError {
  const error = new OctavoError(
    'log_damaged',
    `the batch of records that begins at offset ${batch.firstOffset}`,
  );
  // The client would fetch the same bytes again and again.
  return Object.assign(error, { batch, canRetry: false });
}

// The answer to a fetch: throttle time, error, session; partition, error, three offsets; producer and first offset.
const throttleErrorSessionBytes = 4 + 2 + 4;
const partitionHeadBytes = 4 + 2 + 3 * 8;
const abortedBytes = 8 + 8;
const preferredReplicaBytes = 4;

// A batch (https://kafka.apache.org/documentation/#recordbatch): offset, length, epoch, magic, CRC of all that follows.
const lengthAt = 8;
const prefixBytes = 12;
const magicAt = 16;
const crcAt = 17;
const checkedAt = 21;
const lastDeltaAt = 23;
const countAt = 57;
const headBytes = 61;
const magic = 2;
