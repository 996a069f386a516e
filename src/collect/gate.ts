import type { ServerResponse } from 'node:http';
import { count, OctavoError } from '../base/index.ts';
import { sendProblem } from './answer.ts';
import { sendPreflight } from './cors.ts';
import { hasOrigin } from './origin.ts';
import { keyOf } from './wire/head.ts';
import type { WireHead, WireShape } from './wire/shape.ts';

/** Whoever has a key. */
export interface Caller {
  /** Name of the key. */
  readonly source: string;
  /** Of a browser's key: the origins of the pages that may send with it. What it says of other devices is not taken. */
  readonly origins?: readonly string[] | undefined;
  /** Most events a second that it may send, over some seconds. Default: as the collector has it. */
  readonly eventsPerSecondMax?: number | undefined;
}

/** What is known of keys. */
export interface GateOptions {
  /** Who has a key; asked at every request. */
  readonly authorize: (key: string) => Caller | undefined;
  /** Whether any key may send from pages of this origin: for a preflight, which brings no key. Default: none. */
  readonly knowsOrigin?: (origin: string) => boolean;
}

/** Decides who may send, and from where. */
export interface Gate {
  /** Errors: `collect_unauthorized`, `collect_origin_refused`. */
  admit(key: string, head: WireHead, shape?: Pick<WireShape, 'inMails'>): Caller;
  /** Answers a browser that asks whether its page may send. */
  preflight(head: WireHead, response: ServerResponse): void;
  /** Whether a page of this origin may read why it was refused. */
  mayRead(error: OctavoError, origin: string): boolean;
}

/** Makes the gate over the keys. */
export function createGate({ authorize, knowsOrigin = () => false }: GateOptions): Gate {
  return {
    admit: (key, head, shape) => {
      const caller = authorize(key);
      if (caller === undefined) throw new OctavoError('collect_unauthorized');
      assertOrigin(caller, head, shape?.inMails === true);
      return caller;
    },
    preflight: (head, response) => {
      const { origin, 'access-control-request-headers': wanted } = head.headers;
      const key = keyOf(head);
      const origins = key === undefined ? undefined : authorize(key)?.origins;
      const allowed =
        origin !== undefined && (origins === undefined ? knowsOrigin(origin) : hasOrigin(origins, origin));
      if (allowed) return sendPreflight(response, origin, wanted);
      count('octavo_collect_refused_requests_total', { code: 'collect_origin_refused' });
      sendProblem(response, new OctavoError('collect_origin_refused', `'${origin ?? ''}'`), false);
    },
    mayRead: (error, origin) => error.code !== 'collect_origin_refused' && knowsOrigin(origin),
  };
}

/** A browser's key is good for pages of its origins, a server's for none. */
function assertOrigin({ source, origins }: Caller, head: WireHead, inMails: boolean): void {
  const { method, headers } = head;
  if (origins === undefined) {
    if (headers.origin === undefined) return;
    throw new OctavoError(
      'collect_origin_refused',
      `'${source}' is the key of a server, '${headers.origin}' sent it`,
    );
  }
  const origin = headers.origin ?? (method === 'GET' && !inMails ? originOf(headers.referer) : undefined);
  // A picture's page may send no referrer, and in a mail it is the mail program's.
  if (origin === undefined ? method !== 'GET' : !hasOrigin(origins, origin))
    throw new OctavoError('collect_origin_refused', `'${origin ?? ''}' is none of ${origins.join(', ')}`);
}

/** The origin of a page's address, where it is one. */
function originOf(address: string | undefined): string | undefined {
  return address !== undefined && URL.canParse(address) ? new URL(address).origin : undefined;
}
