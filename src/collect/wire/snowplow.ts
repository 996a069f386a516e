import { OctavoError } from '../../base/index.ts';
import type { EventError } from '../../event/index.ts';
import { parseJson } from '../parse-body.ts';
import { basicUser, keyOf } from './head.ts';
import { keptAs } from './kept-shape.ts';
import { fieldsOf, instantOf, textOf, type Fields } from './mapped-event.ts';
import { gifAnswer } from './pixel-image.ts';
import type { WireRead, WireRequest, WireShape } from './shape.ts';
import { snowplowEvent, snowplowIdOf } from './snowplow-event.ts';
import { joinOrders } from './snowplow-orders.ts';

const postPath = '/com.snowplowanalytics.snowplow/tp2';
const getPaths: ReadonlySet<string> = new Set(['/i', '/ice.png']);

/**
 * Snowplow's tracker protocol: `POST` of payloads, `GET` of one as a query. The key is a header's (`Authorization`), `?key=`,
 * or, for trackers that can send neither, the app id. A request with the header `SP-Anonymous` is kept without address and
 * network id, as Snowplow's own collector does.
 */
export const snowplowShape: WireShape = {
  name: 'snowplow',
  match: (method, path) => (method === 'POST' ? path === postPath : method === 'GET' && getPaths.has(path)),
  key: ({ method, headers, query }) =>
    basicUser(headers) ?? (method === 'GET' ? (query().get('aid') ?? undefined) : undefined),
  read,
  // What is no event of ours is kept as failed: a tracker would drop it or send it for ever.
  answer: (_taken, { method }) =>
    method === 'GET'
      ? gifAnswer
      : { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: 'ok' },
};

function read(request: WireRequest): WireRead {
  const { method, body, eventsMax, receivedMs, query } = request;
  const data: unknown = method === 'GET' ? [Object.fromEntries(query())] : payloads(parseJson(body));
  if (!Array.isArray(data)) throw new OctavoError('collect_request_invalid', '/data is no list');
  if (data.length > eventsMax)
    throw new OctavoError('collect_too_large', `${data.length} events, ${eventsMax} are allowed`);
  const aid = textOf(fieldsOf(data[0])['aid']);
  const keyed = keyOf(request) === undefined && basicUser(request.headers) === undefined;
  const anonymous = request.headers['sp-anonymous'] !== undefined;
  const receivedAt = new Date(receivedMs).toISOString();
  const hidden = [
    ...(method === 'GET' ? ['key'] : []),
    ...(keyed ? ['aid'] : []),
    ...(anonymous ? placeFields : []),
  ];
  const refused = new Map<number, EventError>();
  const events = data.map((payload: unknown, place) => {
    const about = { receivedAt, place, keyed, anonymous };
    const mapped = snowplowEvent(payload, about);
    if ('event' in mapped) return mapped.event;
    const id = snowplowIdOf(payload, about);
    const kept = keptAs('snowplow', without(payload, hidden), { id, error: mapped.error });
    refused.set(place, kept.error);
    return kept.event;
  });
  const sentAt = instantOf(fieldsOf(data[0])['stm']);
  return { key: aid, batch: { sentAt, events: joinOrders(events), refused, anonymous } };
}

/** What tells where and on which device it was. */
const placeFields = ['ip', 'nuid', 'tnuid'];

/** A payload as it is kept: without the key, and without what its sender does not want to be kept. */
function without(payload: unknown, names: readonly string[]): unknown {
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) return payload;
  return Object.fromEntries(Object.entries(payload as Fields).filter(([name]) => !names.includes(name)));
}

const payloadSchema = 'iglu:com.snowplowanalytics.snowplow/payload_data/';

function payloads(value: unknown): unknown {
  const { schema, data } = fieldsOf(value);
  if (typeof schema !== 'string' || !schema.startsWith(payloadSchema)) {
    throw new OctavoError('collect_request_invalid', '/schema is not that of payload_data');
  }
  return data;
}
