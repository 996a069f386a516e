import { eventKinds } from './catalogue.ts';

/** The envelope's fields that are personal: where an event has them, and in which column of `raw.events` they are. */
const personalFields = [
  { path: '/reader_id', column: 'reader_id' },
  { path: '/device_id', column: 'device_id' },
  { path: '/session_id', column: 'session_id' },
  { path: '/page/url', column: 'page_url' },
  { path: '/page/referrer', column: 'page_referrer' },
  { path: '/user_agent', column: 'user_agent' },
  { path: '/ip', column: 'ip' },
  { path: '/campaign/click_id', column: 'click_id' },
] as const;

/**
 * Columns of `raw.events` and `raw.failed_events` that are personal; analysts see them only where a role allows. All of
 * `properties` is, for a custom kind may have anything in it; models take out of it what is not.
 */
export const personalColumns: ReadonlySet<string> = new Set([
  ...personalFields.map(({ column }) => column),
  'properties',
  'raw',
]);

/** JSON pointers of everything personal in an event of this kind; all properties of a custom one. */
export function personalPaths(kind: string): readonly string[] {
  const envelope = personalFields.map(({ path }) => path);
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
