import { uuidv7, type Random } from '../base/index.ts';
import type { StoredEvent } from '../event/index.ts';
import type { Reader } from './readers.ts';
import type { Action } from './session.ts';
import { agentOf, createEnriched, pageOf } from './visits.ts';

/** Who does it: an account, or a passer-by known by device only. */
export type Visitor = Pick<Reader, 'device' | 'deviceId' | 'ip'> & {
  readonly id?: string;
  readonly bot?: boolean;
};

const enrichedOf = createEnriched();

/** An instant as the platform writes it: `YYYY-MM-DDTHH:MM:SS.sssZ`. */
export function instantText(instantMs: number): string {
  return new Date(instantMs).toISOString();
}

/** Gives an action its id, time and sender, in the shape in which the collector stores it. */
export function stampEvent(options: {
  readonly action: Pick<Action, 'kind' | 'path' | 'title' | 'items' | 'properties'>;
  readonly visitor: Visitor;
  readonly sessionId: string;
  readonly occurredMs: number;
  readonly receivedMs: number;
  readonly random: Random;
}): StoredEvent {
  const { action, visitor, occurredMs, receivedMs, sessionId } = options;
  const { device } = visitor;
  const bot = visitor.bot === true;
  const agent = agentOf(device, visitor.deviceId, bot);
  // A visit begins with the only view of a page.
  const place = pageOf(action.path, { device, sessionId, bot, first: action.kind === 'page_view' });
  return {
    id: uuidv7({ nowMs: occurredMs, next: options.random.next }),
    kind: action.kind,
    occurred_at: instantText(occurredMs),
    ...(visitor.id === undefined ? {} : { reader_id: visitor.id }),
    device_id: visitor.deviceId,
    session_id: sessionId,
    page: {
      ...place,
      ...(action.title === undefined ? {} : { title: action.title }),
    },
    app: { name: 'bookstore', version: '5.2.0', platform: device },
    ...(action.items === undefined ? {} : { items: action.items }),
    ...(action.properties === undefined ? {} : { properties: action.properties }),
    sent_at: instantText(receivedMs - 40),
    received_at: instantText(receivedMs),
    source: 'simulate',
    user_agent: agent,
    ip: visitor.ip,
    country: 'KR',
    ...enrichedOf(agent, device, place),
  };
}
