import { canonicalJson } from '../../base/index.ts';
import type { EventError } from '../../event/index.ts';
import {
  compact,
  compactOrNone,
  fieldsOf,
  instantOf,
  ipOf,
  refusal,
  textOf,
  uuidOf,
  type Fields,
  type Mapped,
} from './mapped-event.ts';
import { trackedAs } from './segment-kinds.ts';

/** What a message is mapped with. */
export interface SegmentRequest {
  /** What all messages of a batch share. */
  readonly context: Fields;
  readonly receivedAt: string;
  /** Place in the request, for a message that has neither id nor time. */
  readonly place: number;
}

/**
 * An event of ours out of a message of Segment's HTTP API (https://segment.com/docs/connections/spec). `messageId`
 * stays the id; one without is known by its contents, so that a retry is a duplicate.
 */
export function segmentEvent(value: unknown, request: SegmentRequest): Mapped {
  const message = fieldsOf(value);
  const context = { ...request.context, ...fieldsOf(message['context']) };
  const userId = textOf(message['userId'], 500);
  const anonymousId = textOf(message['anonymousId'], 500);
  const type = textOf(message['type']);
  if (userId === undefined && anonymousId === undefined && type !== 'alias') {
    return refusal('/userId', 'required', 'userId or anonymousId is required');
  }
  const found = saidBy(type, message);
  if ('error' in found) return found;
  const { said } = found;
  const time = instantOf(message['timestamp'] ?? message['originalTimestamp']);
  const properties = fieldsOf(said['properties']);
  const kept = compactOrNone({
    ...context,
    page: undefined,
    userAgent: undefined,
    ip: undefined,
    app: undefined,
  });
  return {
    event: compact({
      ...said,
      id: segmentIdOf(message, request),
      occurred_at: time ?? request.receivedAt,
      reader_id: userId,
      device_id: anonymousId,
      session_id: textOf(context['sessionId'] ?? fieldsOf(context['session'])['id']),
      page: pageOf(type, message, context),
      app: appOf(context),
      user_agent: textOf(context['userAgent'], 1000),
      ip: ipOf(context['ip']),
      properties: kept === undefined ? properties : { ...properties, context: kept },
    }),
  };
}

/** Kind, items and properties by the message's type. */
function saidBy(
  type: string | undefined,
  message: Fields,
): { readonly said: Fields } | { readonly error: EventError } {
  const traits = compactOrNone(fieldsOf(message['traits']));
  const named = (properties: Fields): Fields =>
    compact({ ...properties, name: textOf(message['name'], 500) });
  switch (type ?? '') {
    case 'track': {
      const name = textOf(message['event'], 500);
      if (name === undefined)
        return refusal('/event', 'required', 'a track call needs the name of its event');
      return { said: trackedAs(name, fieldsOf(message['properties'])) };
    }
    case 'page':
      return { said: { kind: 'page_view', properties: named(fieldsOf(message['properties'])) } };
    case 'screen': {
      const screen = textOf(message['name'] ?? fieldsOf(message['properties'])['name'], 500);
      return {
        said: {
          kind: 'screen_view',
          properties: compact({ ...named(fieldsOf(message['properties'])), screen_name: screen }),
        },
      };
    }
    case 'identify':
      // Without a reader it says something of the device only.
      return {
        said: {
          kind: textOf(message['userId']) === undefined ? 'identify_device' : 'identify',
          properties: compact({ traits }),
        },
      };
    case 'group': {
      const group = textOf(message['groupId']);
      if (group === undefined) return refusal('/groupId', 'required', 'a group call needs its groupId');
      return { said: { kind: 'group', properties: compact({ group_id: group, traits }) } };
    }
    case 'alias': {
      const previous = textOf(message['previousId']);
      if (previous === undefined || textOf(message['userId']) === undefined) {
        return refusal('/previousId', 'required', 'an alias call needs userId and previousId');
      }
      return { said: { kind: 'alias', properties: { previous_id: previous } } };
    }
    default:
      return refusal(
        '/type',
        'one of track, page, screen, identify, group, alias',
        'the type of the call is not known',
      );
  }
}

/** The id of a message, whether or not it becomes an event. */
export function segmentIdOf(message: Fields, { receivedAt, place }: SegmentRequest): string {
  const id = textOf(message['messageId'], 500);
  if (id !== undefined) {
    // analytics-node and analytics-next put words before a UUID.
    const [uuid] = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.exec(id) ?? [];
    return uuidOf(uuid ?? id);
  }
  const { sentAt: _sent, receivedAt: _received, writeKey: _key, ...own } = message;
  const isTimed = instantOf(message['timestamp'] ?? message['originalTimestamp']) !== undefined;
  return uuidOf(canonicalJson(isTimed ? own : { own, receivedAt, place }));
}

function pageOf(type: string | undefined, message: Fields, context: Fields): Fields | undefined {
  const page = {
    ...fieldsOf(context['page']),
    ...(type === 'page' ? fieldsOf(message['properties']) : {}),
  } as Fields;
  return compactOrNone({
    url: textOf(page['url'], 4000),
    referrer: textOf(page['referrer'] ?? fieldsOf(context['referrer'])['url'], 4000),
    title: textOf(page['title'], 1000),
  });
}

function appOf(context: Fields): Fields | undefined {
  const app = fieldsOf(context['app']);
  return compactOrNone({
    name: textOf(app['name']),
    version: textOf(app['version'], 100),
    platform: platformOf(context),
  });
}

/** By the device, the system, or the library that sent it. */
function platformOf(context: Fields): string | undefined {
  const device = `${textOf(fieldsOf(context['device'])['type']) ?? ''} ${textOf(fieldsOf(context['os'])['name']) ?? ''}`;
  if (/\bios\b|ipados|iphone/i.test(device)) return 'ios';
  if (/android/i.test(device)) return 'android';
  const library = textOf(fieldsOf(context['library'])['name']) ?? '';
  if (/ios|swift/i.test(library)) return 'ios';
  if (/android|kotlin/i.test(library)) return 'android';
  if (/analytics\.js|analytics-next|jitsu-js|web/i.test(library)) return 'web';
  if (library !== '' && textOf(context['userAgent']) === undefined) return 'server';
  return undefined;
}
