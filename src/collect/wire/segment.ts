import { OctavoError } from '../../base/index.ts';
import type { EventError } from '../../event/index.ts';
import { parseJson } from '../parse-body.ts';
import { basicUser } from './head.ts';
import { fieldsOf, instantOf, textOf, type Fields } from './mapped-event.ts';
import { keptAs } from './kept-shape.ts';
import { segmentEvent, segmentIdOf } from './segment-event.ts';
import type { WireAnswer, WireHead, WireRead, WireRequest, WireShape } from './shape.ts';

/** Paths of Segment's API and the type of call behind each; the short ones are the browser library's. */
const paths: ReadonlyMap<string, string> = new Map(
  Object.entries({
    track: 'track',
    page: 'page',
    screen: 'screen',
    identify: 'identify',
    group: 'group',
    alias: 'alias',
    batch: 'batch',
    import: 'batch',
    t: 'track',
    p: 'page',
    s: 'screen',
    i: 'identify',
    g: 'group',
    a: 'alias',
    b: 'batch',
  }).map(([path, type]) => [`/v1/${path}`, type]),
);
const settingsPath = /^\/v1\/projects\/([^/]{1,200})\/settings$/;

/**
 * Segment's HTTP API (https://segment.com/docs/connections/sources/catalog/libraries/server/http-api), as its SDKs speak
 * it, and the settings that its browser library asks for first. The key is Basic's user or `writeKey` in the body.
 */
export const segmentShape: WireShape = {
  name: 'segment',
  match: (method, path) =>
    method === 'POST' ? paths.has(path) : method === 'GET' && settingsPath.test(path),
  key: ({ headers, path }) => basicUser(headers) ?? settingsPath.exec(path)?.[1],
  read,
  answer: ({ tally }, head) => {
    if (head.method === 'GET') return json(200, settings(head));
    // One call alone is told; in a batch the others must not be sent again.
    if (tally.failed > 0 && paths.get(head.path) !== 'batch') {
      return json(400, {
        success: false,
        message: 'the event is not valid; it is kept among the failed ones',
      });
    }
    return json(200, { success: true });
  },
  refuse: (error) => {
    const wait = error.details['retry_after_seconds'];
    const again = error.retryable ? { 'retry-after': typeof wait === 'number' ? String(wait) : '1' } : {};
    // Segment calls what is too large a bad request; its SDKs don't send such a one again.
    const status = error.status === 413 ? 400 : error.status;
    return json(
      status,
      { success: false, code: error.code, message: error.message, hint: error.hint },
      again,
    );
  },
};

function read({ method, path, body, eventsMax, receivedMs }: WireRequest): WireRead {
  if (method === 'GET') return { batch: { sentAt: undefined, events: [] } };
  const whole = parseJson(body);
  if (typeof whole !== 'object' || whole === null || Array.isArray(whole)) {
    throw new OctavoError('collect_request_invalid', 'the body is no object');
  }
  const root = whole as Fields;
  const type = paths.get(path);
  const messages: unknown = type === 'batch' ? root['batch'] : [{ ...root, type }];
  if (!Array.isArray(messages)) throw new OctavoError('collect_request_invalid', '/batch is no list');
  if (messages.length > eventsMax)
    throw new OctavoError('collect_too_large', `${messages.length} events, ${eventsMax} are allowed`);
  const receivedAt = new Date(receivedMs).toISOString();
  const context = type === 'batch' ? fieldsOf(root['context']) : {};
  assertSmall(context);
  const refused = new Map<number, EventError>();
  const events = messages.map((message: unknown, place) => {
    const about = { context, receivedAt, place };
    const mapped = segmentEvent(message, about);
    if ('event' in mapped) return mapped.event;
    const id = segmentIdOf(fieldsOf(message), about);
    const kept = keptAs('segment', withContext(message, context), { id, error: mapped.error });
    refused.set(place, kept.error);
    return kept.event;
  });
  const sent = root['sentAt'] ?? fieldsOf(messages[0])['sentAt'];
  return { key: textOf(root['writeKey']), batch: { sentAt: instantOf(sent), events, refused } };
}

/** What all messages of a batch share becomes part of each: large, it would make a large log out of a small request. */
function assertSmall(context: Fields): void {
  const letters = JSON.stringify(context).length;
  if (letters > contextLettersMax)
    throw new OctavoError(
      'collect_too_large',
      `/context: ${letters} letters, ${contextLettersMax} are allowed`,
    );
}

/** That of Segment's own libraries has some hundred letters. */
const contextLettersMax = 8 * 1024;

/** A message as it is kept: with what all of its batch share, and without the key. */
function withContext(message: unknown, context: Fields): unknown {
  if (typeof message !== 'object' || message === null || Array.isArray(message)) return message;
  const { writeKey: _key, ...own } = message as Fields;
  const whole = { ...context, ...fieldsOf(own['context']) };
  return Object.keys(whole).length === 0 ? own : { ...own, context: whole };
}

/** What analytics-next needs to start: itself as the only destination. */
function settings({ headers, path }: WireHead): Fields {
  const apiKey = settingsPath.exec(path)?.[1] ?? '';
  const enabled = { __default: { enabled: true, integrations: {} } };
  return {
    integrations: {
      'Segment.io': {
        apiKey,
        apiHost: `${headers.host ?? ''}/v1`,
        unbundledIntegrations: [],
        addBundledMetadata: true,
        maybeBundledConfigIds: {},
        versionSettings: { version: '4.4.7', componentTypes: ['browser'] },
      },
    },
    plan: {
      track: enabled,
      identify: { __default: { enabled: true } },
      group: { __default: { enabled: true } },
    },
    edgeFunction: {},
    analyticsNextEnabled: true,
    middlewareSettings: {},
    enabledMiddleware: {},
    metrics: { sampleRate: 0 },
    legacyVideoPluginsEnabled: false,
    remotePlugins: [],
  };
}

function json(status: number, value: Fields, headers: Readonly<Record<string, string>> = {}): WireAnswer {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(value) };
}
