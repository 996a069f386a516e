import type { IncomingMessage } from 'node:http';
import { gunzip } from 'node:zlib';
import { promisify } from 'node:util';
import { OctavoError } from '../base/index.ts';

const inflate = promisify(gunzip);

/** The request's body, inflated; fails with `collect_too_large` by counted bytes, before and after inflating. */
export async function readBody(request: IncomingMessage, bytesMax: number, timeoutMs: number): Promise<Buffer> {
  const encoding = request.headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity' && encoding !== 'gzip') throw new OctavoError('collect_encoding_unsupported', `'${encoding}'`);
  const tooLarge = (): OctavoError => new OctavoError('collect_too_large', `the body is larger than ${bytesMax} bytes`);
  if (Number(request.headers['content-length'] ?? 0) > bytesMax) throw tooLarge();
  const raw = await new Promise<Buffer>((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const timer = setTimeout(() => reject(new OctavoError('collect_request_invalid', `no whole body in ${timeoutMs} ms`)), timeoutMs);
    const end = (settle: () => void): void => {
      clearTimeout(timer);
      settle();
    };
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > bytesMax) end(() => reject(tooLarge()));
      else chunks.push(chunk);
    });
    request.on('end', () => end(() => resolve(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks))));
    request.on('error', (cause) => end(() => reject(new OctavoError('collect_request_invalid', 'the connection broke', { cause }))));
  });
  if (encoding === 'identity') return raw;
  try {
    return await inflate(raw, { maxOutputLength: bytesMax });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge();
    throw new OctavoError('collect_request_invalid', 'the gzip stream is damaged', { cause });
  }
}
