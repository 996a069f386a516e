import { isIP } from 'node:net';
import type { EventInput, StoredEvent } from './envelope.ts';

/** What the collector knows of a request. */
export interface Receipt {
  readonly receivedAt: string;
  readonly sentAt?: string | undefined;
  readonly source: string;
  readonly userAgent?: string | undefined;
  /** Already truncated. */
  readonly ip?: string | undefined;
}

/** The event with what was known of it when it came. */
export function toStored(event: EventInput, receipt: Receipt): StoredEvent {
  return {
    ...event,
    id: event.id.toLowerCase(),
    ...(receipt.sentAt === undefined ? {} : { sent_at: receipt.sentAt }),
    received_at: receipt.receivedAt,
    source: receipt.source,
    ...(receipt.userAgent === undefined ? {} : { user_agent: receipt.userAgent }),
    ...(receipt.ip === undefined ? {} : { ip: receipt.ip }),
  };
}

/** An address without its last part: /24 of IPv4, /48 of IPv6; undefined for what is no address. */
export function truncateIp(address: string): string | undefined {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
  if (isIP(plain) === 4) return `${plain.split('.').slice(0, 3).join('.')}.0`;
  if (isIP(plain) !== 6) return undefined;
  const [head = '', tail] = plain.toLowerCase().split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const filled = tail === undefined ? left : [...left, ...Array<string>(8 - left.length - right.length).fill('0'), ...right];
  const kept = filled.slice(0, 3).map((group) => group.replace(/^0+(?=.)/, ''));
  return `${kept.join(':').replace(/(^|:)0(:0)*$/, '')}::`;
}
