import { isIP, type BlockList } from 'node:net';
import { clientAddress, forwardedClient, plainAddress, proxyList } from '../../../event/index.ts';
import type { FieldText } from './fields.ts';

/** Whose address a line's reader has: of the connection, or as proxies tell it. */
export interface ClientRule {
  /** Proxies of ours: their X-Forwarded-For is believed as far as they wrote it. */
  readonly proxies: BlockList | undefined;
  /** Whether the log's owner says that the address is the one in X-Forwarded-For. */
  readonly believed: boolean;
}

/** The address of the connection counts. */
export const connectionIp: ClientRule = { proxies: undefined, believed: false };

/** The address of a line's reader, without a port; what is no address stays as it is. */
export function clientIp({ proxies, believed }: ClientRule, text: FieldText): string | undefined {
  const remote = text('ip');
  if (remote?.includes(',') === true)
    return forwardedClient({ 'x-forwarded-for': remote }, proxies ?? localProxies());
  if (proxies === undefined && !believed) return bareAddress(remote);
  const headers = { forwarded: text('forwarded'), 'x-forwarded-for': text('forwarded_for') };
  // Without the other end's address, or over a socket of this machine, it was a proxy who asked.
  const isRemote = proxies !== undefined && remote !== undefined && !remote.startsWith('unix:');
  const told = isRemote
    ? clientAddress(remote, headers, proxies)
    : forwardedClient(headers, proxies ?? localProxies());
  return told ?? bareAddress(remote);
}

function bareAddress(text: string | undefined): string | undefined {
  // A port, or brackets, have a colon too.
  if (text === undefined || !text.includes(':') || isIP(text) !== 0) return text;
  return plainAddress(text) ?? text;
}

let local: BlockList | undefined;

/** Where nobody says who the proxies are: those on this machine and in private networks. */
function localProxies(): BlockList {
  local ??= proxyList(['loopback', 'private']);
  return local;
}
