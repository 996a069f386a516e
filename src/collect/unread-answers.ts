import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { count, gauge } from '../base/index.ts';
import type { HttpLimits } from './http-limits.ts';

/** How a connection stands that has been sent more than it took. */
export interface Unread {
  /** Bytes that its client has yet to take. */
  readonly bytes: number;
  /** When it last took some, epoch milliseconds. */
  readonly tookMs: number;
}

/**
 * Which connections are let go: who took nothing for too long; while too much waits in sum, who takes nothing at the moment; while
 * twice as much waits, also others. Who waited longest goes first.
 */
export function letGo<T>(
  connections: ReadonlyMap<T, Unread>,
  nowMs: number,
  { unreadTimeoutMs, unreadBytesMax }: Pick<HttpLimits, 'unreadTimeoutMs' | 'unreadBytesMax'>,
): readonly T[] {
  const slowest = [...connections].toSorted(([, one], [, other]) => one.tookMs - other.tookMs);
  let waiting = slowest.reduce((sum, [, { bytes }]) => sum + bytes, 0);
  return slowest.flatMap(([connection, { bytes, tookMs }]) => {
    const isStill = nowMs - tookMs >= Math.min(unreadTimeoutMs, stillMs);
    const waitingMax = isStill ? unreadBytesMax : unreadBytesMax * 2;
    if (nowMs - tookMs < unreadTimeoutMs && waiting <= waitingMax) return [];
    waiting -= bytes;
    return [connection];
  });
}

/** Looks after the answers of a server that nobody reads. */
export function watchUnread(server: Server, limits: HttpLimits): void {
  const sockets = new Set<Socket>();
  const seen = new Map<Socket, Unread & { readonly takenBytes: number }>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => {
      sockets.delete(socket);
      seen.delete(socket);
    });
  });
  const look = (): void => {
    const nowMs = performance.now();
    let waiting = 0;
    for (const socket of sockets) {
      const bytes = unreadOf(socket);
      waiting += bytes;
      if (bytes === 0) seen.delete(socket);
      else {
        const takenBytes = socket.bytesWritten - bytes;
        const before = seen.get(socket);
        const tookMs = before?.takenBytes === takenBytes ? before.tookMs : nowMs;
        seen.set(socket, { bytes, takenBytes, tookMs });
      }
    }
    gauge('octavo_http_unread_bytes', waiting);
    for (const socket of letGo(seen, nowMs, limits)) {
      count('octavo_http_unread_answers_total');
      socket.destroy();
    }
  };
  const everyMs = Math.max(50, Math.min(1_000, limits.unreadTimeoutMs / 4));
  server.once('listening', () => {
    const looking = setInterval(look, everyMs).unref();
    server.once('close', () => clearInterval(looking));
  });
}

/** Of a single large write Node tells only when all of it is taken, the system's own queue how far it is. */
function unreadOf(socket: Socket): number {
  const { writableLength } = socket;
  if (writableLength === 0) return 0;
  const queued = (socket as { readonly _handle?: { readonly writeQueueSize?: number } })._handle
    ?.writeQueueSize;
  // The length of a text is told in letters, not in bytes.
  return queued === undefined || queued === 0 ? writableLength : queued;
}

/** Who takes nothing for so long does not only have a slow connection. */
const stillMs = 5_000;
