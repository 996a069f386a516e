import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { count, OctavoError } from '../base/index.ts';
import { problemText, problemType } from './answer.ts';

/** What the parser of HTTP found, as one of our errors. */
export function faultOf({ code, message }: NodeJS.ErrnoException): OctavoError {
  if (code === 'HPE_HEADER_OVERFLOW') return new OctavoError('http_head_too_large');
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return new OctavoError('http_request_timeout');
  const reason = (code ?? '').startsWith('HPE_') ? message.replace(/^Parse Error: /, '') : '';
  return new OctavoError('http_request_invalid', reason.slice(0, reasonMax));
}

/**
 * Answers on the bare connection, where there is no request that could be answered, and ends it. What still comes is
 * thrown away for a moment: a connection that is closed with unread bytes takes its answer with it.
 */
export function refuse(socket: Duplex, error: OctavoError): void {
  count('octavo_http_refused_total', { code: error.code });
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const body = problemText(error);
  const { status } = error;
  const retry = error.retryable ? 'Retry-After: 1\r\n' : '';
  const head =
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nContent-Type: ${problemType}\r\n` +
    `Content-Length: ${Buffer.byteLength(body)}\r\n${retry}Connection: close\r\n\r\n`;
  const cut = setTimeout(() => socket.destroy(), lingerMs).unref();
  socket.once('close', () => clearTimeout(cut));
  socket.on('error', () => socket.destroy());
  socket.removeAllListeners('data');
  socket.resume();
  socket.once('end', () => socket.destroy());
  socket.end(head + body);
}

const reasonMax = 200;
const lingerMs = 2_000;
