import { BlockList, isIP } from 'node:net';
import { truncateIp } from '../privacy.ts';

/** What is kept of an address. */
export const ipModes = ['truncate', 'keep', 'drop'] as const;
export type IpMode = (typeof ipModes)[number];

/** Names of networks that a proxy may stand in. */
const groups: Readonly<Record<string, readonly string[]>> = {
  loopback: ['127.0.0.0/8', '::1/128'],
  private: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '169.254.0.0/16', 'fc00::/7', 'fe80::/10'],
};

/** Which addresses are proxies of ours. Entries: an address, a network as CIDR, `loopback`, `private`. */
export function proxyList(entries: readonly string[]): BlockList {
  const list = new BlockList();
  for (const entry of entries.flatMap(
    (one) => (Object.hasOwn(groups, one) ? groups[one] : undefined) ?? [one],
  )) {
    const [address = '', bits] = entry.split('/', 2);
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return list;
}

/** Whether `proxyList` takes the entry. */
export function isProxyEntry(entry: string): boolean {
  if (Object.hasOwn(groups, entry)) return true;
  const [address = '', bits] = entry.split('/', 2);
  const family = isIP(address);
  if (family === 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
}

/** Headers in which proxies write whom they pass on. */
export interface ForwardingHeaders {
  readonly forwarded?: unknown;
  readonly 'x-forwarded-for'?: unknown;
}

/**
 * The client's address behind proxies: `Forwarded` (RFC 7239), else `X-Forwarded-For`, read from the right as far as the
 * hops are trusted, for what stands further left anyone may have written. The connection's own address when it is no proxy.
 */
export function clientAddress(
  remote: string | undefined,
  headers: ForwardingHeaders,
  proxies: BlockList | undefined,
): string | undefined {
  const own = plainAddress(remote);
  if (own === undefined || proxies === undefined || !isTrusted(own, proxies)) return own;
  return forwardedClient(headers, proxies) ?? own;
}

/** The client's address as headers tell it that a proxy of ours passed on; undefined when they tell none. */
export function forwardedClient(headers: ForwardingHeaders, proxies: BlockList): string | undefined {
  const { forwarded, 'x-forwarded-for': chain } = headers;
  const hops =
    typeof forwarded === 'string'
      ? forwardedFor(forwarded)
      : typeof chain === 'string'
        ? chain.split(',')
        : [];
  let client: string | undefined;
  for (const hop of hops.slice(-hopsMax).toReversed()) {
    const address = plainAddress(hop);
    if (address === undefined) return client;
    client = address;
    if (!isTrusted(address, proxies)) return client;
  }
  return client;
}

/** Whether a connection comes from a proxy of ours. */
export function isFromProxy(remote: string | undefined, proxies: BlockList): boolean {
  const own = plainAddress(remote);
  return own !== undefined && isTrusted(own, proxies);
}

const hopsMax = 32;

/** The address as it is stored. */
export function storedIp(address: string | undefined, mode: IpMode): string | undefined {
  if (address === undefined || mode === 'drop') return undefined;
  return mode === 'keep' ? address : truncateIp(address);
}

function isTrusted(address: string, proxies: BlockList): boolean {
  return proxies.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

/** Every `for=` of the header, from the left. */
function forwardedFor(header: string): readonly string[] {
  return header.split(',').map((element) => {
    const [, quoted, token] = /(?:^|;)\s*for\s*=\s*(?:"([^"]*)"|([^;\s]*))/i.exec(element) ?? [];
    return quoted ?? token ?? '';
  });
}

/** Without port, brackets and zone; IPv4 within IPv6 as IPv4. Undefined for what is no address. */
export function plainAddress(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const trimmed = text.trim().replace(/^"|"$/g, '');
  const [, bracketed] = /^\[([^\]]+)\](?::\d+)?$/.exec(trimmed) ?? [];
  let address = (bracketed ?? trimmed).split('%', 1)[0] ?? '';
  if (isIP(address) === 0) address = address.replace(/:\d+$/, '');
  const [, mapped] = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address) ?? [];
  const plain = mapped ?? address;
  return isIP(plain) === 0 ? undefined : plain;
}
