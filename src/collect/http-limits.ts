import type { ServerOptions } from 'node:http';

/** How much of a server one client may hold, and how long. */
export interface HttpLimits {
  /** Connections at a time; more are closed at once. */
  readonly connectionsMax: number;
  /** From the connection, or the last answer, to the end of the head. */
  readonly headTimeoutMs: number;
  /** From the first byte to the last of the body. */
  readonly requestTimeoutMs: number;
  /** How long a connection may wait for its next request. */
  readonly idleTimeoutMs: number;
  /** Bytes of a head; a larger one is answered 431. */
  readonly headBytesMax: number;
  /** Requests of one connection that may wait for their answers; more are refused with 429. */
  readonly pipelinedMax: number;
  /** A client that takes nothing of its answer for so long is cut off. */
  readonly unreadTimeoutMs: number;
  /** Bytes of all answers that clients have not taken yet; beyond it those go that took nothing for the longest. */
  readonly unreadBytesMax: number;
}

/** Good for a server that the world reaches. */
export const httpLimits: HttpLimits = {
  connectionsMax: 10_000,
  headTimeoutMs: 10_000,
  requestTimeoutMs: 30_000,
  idleTimeoutMs: 65_000,
  headBytesMax: 16 * 1024,
  pipelinedMax: 64,
  unreadTimeoutMs: 60_000,
  unreadBytesMax: 256 * 1024 * 1024,
};

/** For `createServer`: who is slow is answered 408 and cut off, so that nobody holds a connection by doing nothing. */
export function serverOptionsOf(limits: HttpLimits): ServerOptions {
  const shortest = Math.min(limits.headTimeoutMs, limits.requestTimeoutMs);
  return {
    maxHeaderSize: limits.headBytesMax,
    headersTimeout: limits.headTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: limits.idleTimeoutMs,
    connectionsCheckingInterval: Math.max(50, Math.min(1_000, shortest / 4)),
    noDelay: true,
    // Missing ones are refused by the guarded server, which says why.
    requireHostHeader: false,
  };
}
