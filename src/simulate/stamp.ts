import { uuidv7, type Random } from '../base/index.ts';
import type { StoredEvent } from '../event/index.ts';
import type { Reader } from './readers.ts';
import type { Action } from './session.ts';

/** Who does it: an account, or a passer-by known by device only. */
export type Visitor = Pick<Reader, 'device' | 'deviceId' | 'ip'> & {
  readonly id?: string;
  readonly bot?: boolean;
};

const site = 'https://bookstore.example';
const userAgents = {
  web: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36',
  ios: 'Bookstore/5.2 (iPhone; iOS 18.1)',
  android: 'Bookstore/5.2 (Android 15; Mobile)',
  ereader: 'Bookstore/3.0 (E-reader)',
} as const;
const botAgent = 'ShelfCrawler/2.1 (+https://crawler.example/about)';

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
  const { action, visitor, occurredMs, receivedMs } = options;
  return {
    id: uuidv7({ nowMs: occurredMs, next: options.random.next }),
    kind: action.kind,
    occurred_at: instantText(occurredMs),
    ...(visitor.id === undefined ? {} : { reader_id: visitor.id }),
    device_id: visitor.deviceId,
    session_id: options.sessionId,
    page: {
      url: `${site}${action.path}`,
      ...(action.title === undefined ? {} : { title: action.title }),
    },
    app: { name: 'bookstore', version: '5.2.0', platform: visitor.device },
    ...(action.items === undefined ? {} : { items: action.items }),
    ...(action.properties === undefined ? {} : { properties: action.properties }),
    sent_at: instantText(receivedMs - 40),
    received_at: instantText(receivedMs),
    source: 'simulate',
    user_agent: visitor.bot === true ? botAgent : userAgents[visitor.device],
    ip: visitor.ip,
  };
}
