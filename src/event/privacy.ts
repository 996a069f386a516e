import { eventKinds } from './catalogue.ts';

/** Columns of the events table that are personal; analysts see them only where a role allows. */
export const personalColumns = [
  'reader_id',
  'device_id',
  'session_id',
  'page_url',
  'page_referrer',
  'user_agent',
  'ip',
  'click_id',
  'properties',
] as const;

/** JSON pointers of everything personal in an event of this kind. */
export function personalPaths(kind: string): readonly string[] {
  const envelope = [
    '/reader_id',
    '/device_id',
    '/session_id',
    '/page/url',
    '/page/referrer',
    '/user_agent',
    '/ip',
    '/campaign/click_id',
  ];
  return [...envelope, ...(eventKinds.get(kind)?.personal ?? ['/properties'])];
}

/** The network part of an address: /24 of IPv4, /48 of IPv6; undefined when it is no address. */
export function truncateIp(address: string): string | undefined {
  const mapped =
    address.toLowerCase().startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address;
  const quads = mapped.split('.');
  if (
    quads.length === 4 &&
    quads.every((quad) => quad.length > 0 && quad.length < 4 && Number(quad) <= 255)
  ) {
    return `${quads[0]}.${quads[1]}.${quads[2]}.0`;
  }
  const plain = address.split('%', 1)[0] ?? '';
  if (!plain.includes(':') || plain.length > 39) return undefined;
  const [head = '', tail] = plain.split('::', 2);
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  const groups = [...left, ...Array.from({ length: zeros }, () => '0'), ...right];
  const numbers = groups.map((group) => (group.length > 0 && group.length <= 4 ? Number(`0x${group}`) : NaN));
  if (groups.length !== 8 || numbers.some(Number.isNaN)) return undefined;
  const prefix = numbers.slice(0, 3).map((number) => number.toString(16));
  while (prefix.at(-1) === '0') prefix.pop();
  return prefix.length === 0 ? '::' : `${prefix.join(':')}::`;
}
