import type { IncomingHttpHeaders } from 'node:http';
import type { OctavoError } from '../../base/index.ts';
import type { EventError } from '../../event/index.ts';
import type { Tally } from '../answer.ts';

/** A request's events, unchecked. */
export interface Batch {
  /** By the client's clock. RFC 3339. */
  readonly sentAt: string | undefined;
  /** In our own shape, each checked one by one; what is no event of ours is kept as failed. */
  readonly events: readonly unknown[];
  /** Events that could not be brought into our shape: by their place in `events`, which has them as they came. */
  readonly refused?: ReadonlyMap<number, EventError>;
  /** Whether the sender wants neither its address nor an id of its device kept. Default false. */
  readonly anonymous?: boolean;
}

/** What became of a request's events, all of it durable. */
export interface Taken {
  readonly tally: Tally;
  /** Each event's outcome as JSON, in the order of the request. */
  readonly outcomes: readonly string[];
}

/** The head of a request. */
export interface WireHead {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Parsed at the first look. */
  readonly query: () => URLSearchParams;
}

/** A whole request. */
export interface WireRequest extends WireHead {
  /** Inflated; empty where there is none. */
  readonly body: Buffer;
  readonly eventsMax: number;
  /** Epoch milliseconds, for events without a time of their own. */
  readonly receivedMs: number;
}

/** What a request brings. */
export interface WireRead {
  /** The key, when it is in the body. */
  readonly key?: string | undefined;
  readonly batch: Batch;
}

/** An answer, ready to be sent. */
export interface WireAnswer {
  readonly status: number;
  /** Without content-length and what CORS adds. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/**
 * One way to send events over HTTP. The collector asks for the key, reads and bounds the body, stores what `read` gives,
 * and sends what `answer` makes of it; a shape is pure.
 */
export interface WireShape {
  readonly name: string;
  /** Whether it is for mails, which are shown on pages of anybody. Default false. */
  readonly inMails?: boolean;
  /** Whether a request is of this shape. Asked with the real method; for a preflight with those that would follow. */
  match(method: string, path: string): boolean;
  /** The key where this shape has it in the head, beside `Authorization: Bearer` and `?key=`, which all shapes have. */
  key?(head: WireHead): string | undefined;
  /** Looks at the request of a caller whose key is good. Errors: `collect_signature_invalid`. */
  check?(caller: { readonly source: string }, head: WireHead): void;
  /** Errors: `collect_json_invalid`, `collect_request_invalid`, `collect_too_large`. */
  read(request: WireRequest): WireRead;
  answer(taken: Taken, head: WireHead): WireAnswer;
  /** The answer to a request that was refused whole; problem details (RFC 9457) where absent. */
  refuse?(error: OctavoError, head: WireHead): WireAnswer | undefined;
}
