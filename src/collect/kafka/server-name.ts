import { isIP } from 'node:net';
import { connectionsConnectsChannel } from '@platformatic/kafka';
import type { KafkaConnection } from './kafka-options.ts';

/**
 * TLS options whose server name is the host of each connection: a proxy before the brokers finds by it the one that is
 * meant. An address is none (RFC 6066); the certificate is then compared with the address.
 */
export function namedTls(tls: NonNullable<KafkaConnection['tls']>): object {
  watchConnections();
  return Object.defineProperty({ ...tls }, 'servername', {
    enumerable: true,
    // The client takes the options of a connection right after it has told of it.
    get: () => (isIP(connectingTo) === 0 ? connectingTo : undefined),
  });
}

/** The client knows one name for all, or every host as a name; which host comes next it only tells here. */
function watchConnections(): void {
  if (watching) return;
  watching = true;
  connectionsConnectsChannel.start.subscribe((message) => {
    connectingTo = String((message as { readonly host?: unknown }).host ?? '');
  });
}

let watching = false;
let connectingTo = '';
