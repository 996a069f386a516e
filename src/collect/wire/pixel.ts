import { createHmac, timingSafeEqual } from 'node:crypto';
import { OctavoError } from '../../base/index.ts';
import { textOf, uuidOf, type Fields } from './mapped-event.ts';
import { gifAnswer } from './pixel-image.ts';
import type { WireRequest, WireShape } from './shape.ts';

/** Where the picture lies. */
export const pixelPath = '/p.gif';

/** What a store asks of the pixels in its mails. */
export interface PixelOptions {
  /** Signs addresses; without it none is asked for. */
  readonly secret?: string | undefined;
  /** Names of keys whose pixels need no signature although there is a secret. */
  readonly unsignedKeys?: readonly string[];
}

/** Parameters of a pixel's address that are fields of the event; all others are its properties. */
const fields = new Set(['key', 'sig', 'kind', 'id', 'reader', 'device', 'session', 'url', 'item', 'app']);
const parametersMax = 60;

/**
 * A picture of one point in a mail: `GET /p.gif?key=…&kind=mail_open&id=…&reader=…&campaign=spring`. One with an `id` is
 * stored once, however often it is shown; one without is stored every time.
 */
export function pixelShape({ secret, unsignedKeys = [] }: PixelOptions = {}): WireShape {
  return {
    name: 'pixel',
    inMails: true,
    match: (method, path) => method === 'GET' && path === pixelPath,
    check: (caller, head) => {
      if (secret === undefined || unsignedKeys.includes(caller.source)) return;
      if (!isSigned(head.query(), secret)) throw new OctavoError('collect_signature_invalid', caller.source);
    },
    read: (request) => ({ batch: { sentAt: undefined, events: [eventOf(request)] } }),
    // A reader of a mail never sees a broken picture; what is wrong is kept as failed.
    answer: () => gifAnswer,
    refuse: ({ status }) => ({ ...gifAnswer, status }),
  };
}

function eventOf({ query, receivedMs }: WireRequest): Fields {
  const parameters = query();
  const of = (name: string): string | undefined => textOf(parameters.get(name), 4000);
  const properties: Record<string, string> = {};
  for (const [name, value] of parameters) {
    if (!fields.has(name) && Object.keys(properties).length < parametersMax)
      properties[name.slice(0, 100)] = value.slice(0, 1000);
  }
  const items = parameters
    .getAll('item')
    .slice(0, 200)
    .map((id) => ({ item_id: id }));
  const id = of('id');
  const [reader, device, session, url, app] = ['reader', 'device', 'session', 'url', 'app'].map(of);
  return {
    // An id of a mail is told from the same id of another kind of event.
    id: uuidOf(id === undefined ? `${parameters.toString()} ${receivedMs}` : uuidOrKind(id, of('kind'))),
    kind: of('kind') ?? 'mail_open',
    occurred_at: new Date(receivedMs).toISOString(),
    ...(reader === undefined ? {} : { reader_id: reader }),
    ...(device === undefined ? {} : { device_id: device }),
    ...(session === undefined ? {} : { session_id: session }),
    ...(url === undefined ? {} : { page: { url } }),
    ...(app === undefined ? {} : { app: { name: app } }),
    ...(items.length === 0 ? {} : { items }),
    properties,
  };
}

function uuidOrKind(id: string, kind: string | undefined): string {
  return id === uuidOf(id) ? id : `${kind ?? 'mail_open'} ${id}`;
}

/**
 * The signature of a pixel's address: HMAC-SHA256 over its parameters without `sig`, sorted by name, then value, written
 * as `application/x-www-form-urlencoded`; in base64url.
 */
export function pixelSignature(parameters: URLSearchParams, secret: string): string {
  const signed = [...parameters].filter(([name]) => name !== 'sig').toSorted(byNameAndValue);
  return createHmac('sha256', secret).update(new URLSearchParams(signed).toString()).digest('base64url');
}

/** The address of a picture for a mail, signed where a secret is given. */
export function pixelAddress(
  collector: string,
  parameters: Readonly<Record<string, string>>,
  secret?: string,
): string {
  const query = new URLSearchParams(parameters);
  if (secret !== undefined) query.set('sig', pixelSignature(query, secret));
  return `${collector.replace(/\/$/, '')}${pixelPath}?${query.toString()}`;
}

function isSigned(parameters: URLSearchParams, secret: string): boolean {
  const given = Buffer.from(parameters.get('sig') ?? '', 'base64url');
  const wanted = Buffer.from(pixelSignature(parameters, secret), 'base64url');
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

function byNameAndValue(
  [name, value]: readonly string[],
  [other = '', otherValue = '']: readonly string[],
): number {
  if (name !== other) return (name ?? '') < other ? -1 : 1;
  return value === otherValue ? 0 : (value ?? '') < otherValue ? -1 : 1;
}
