import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { OctavoError } from '../base/index.ts';
import type { Reservation } from './admission.ts';

const byteOrderMark = Buffer.from('\ufeff');

/** How much is read, and how long. */
export interface BodyLimits {
  /** As sent, and again inflated. */
  readonly bytesMax: number;
  readonly timeoutMs: number;
}

/**
 * The request's body, inflated. What it holds is reserved before it is kept: the declared length at once, an
 * undeclared or inflated one as it grows. Fails with `collect_too_large`, `collect_body_timeout`, `collect_busy`,
 * `collect_source_busy`, `collect_encoding_unsupported` or `collect_request_invalid`.
 */
export async function readBody(
  request: IncomingMessage,
  limits: BodyLimits,
  reservation: Reservation,
): Promise<Buffer> {
  const encoding = (request.headers['content-encoding'] ?? 'identity').toLowerCase();
  if (encoding !== 'identity' && encoding !== 'gzip' && encoding !== 'x-gzip')
    throw new OctavoError('collect_encoding_unsupported', `'${encoding.slice(0, 100)}'`);
  const declared = request.headers['content-length'];
  if (Number(declared ?? 0) > limits.bytesMax) throw tooLarge(limits);
  if (declared !== undefined) reservation.grow(Number(declared));
  if (encoding === 'identity') {
    return await collect(request, request, limits, declared === undefined ? reservation : undefined);
  }
  const inflating = createGunzip();
  request.on('error', () => inflating.destroy(broken())).on('aborted', () => inflating.destroy(broken()));
  // The sent bytes pass through; the inflated ones are what is held, beside what was declared.
  request.pipe(inflating);
  try {
    return await collect(request, inflating, limits, reservation);
  } finally {
    request.unpipe(inflating);
    inflating.destroy();
  }
}

function collect(
  request: IncomingMessage,
  stream: Readable,
  limits: BodyLimits,
  reservation: Reservation | undefined,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const fail = (error: Error): void => {
      clearTimeout(timer);
      stream.off('data', take).off('end', finish);
      request.resume();
      reject(error);
    };
    const timer = setTimeout(() => {
      fail(new OctavoError('collect_body_timeout', `no whole body in ${limits.timeoutMs} ms`));
    }, limits.timeoutMs);
    const take = (chunk: Buffer): void => {
      bytes += chunk.length;
      if (bytes > limits.bytesMax) return fail(tooLarge(limits));
      try {
        reservation?.grow(chunk.length);
      } catch (error) {
        return fail(error as Error);
      }
      chunks.push(chunk);
    };
    const finish = (): void => {
      clearTimeout(timer);
      const [first] = chunks;
      const body = chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks, bytes);
      // Some programs put a byte order mark before everything they write.
      resolve(body[0] === 0xef && byteOrderMark.equals(body.subarray(0, 3)) ? body.subarray(3) : body);
    };
    stream.on('data', take).on('end', finish);
    stream.on('error', (cause) => {
      const inflating = stream !== request;
      fail(cause instanceof OctavoError ? cause : inflating ? damaged(cause) : broken(cause));
    });
  });
}

function tooLarge(limits: BodyLimits): OctavoError {
  return new OctavoError('collect_too_large', `the body is larger than ${limits.bytesMax} bytes`);
}

function broken(cause?: unknown): OctavoError {
  return new OctavoError('collect_request_invalid', 'the connection broke', { cause });
}

function damaged(cause: unknown): OctavoError {
  return new OctavoError('collect_request_invalid', 'the gzip stream is damaged', { cause });
}
