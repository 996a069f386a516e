import { Connection, instancesChannel } from '@platformatic/kafka';

/**
 * Lets a connection fail without taking the process with it: one that a broker cuts off while it signs in, for example because
 * it shows no certificate, tells of its error a second time when nobody listens any more. Whoever asked has been told by then.
 */
export function calmConnections(): void {
  if (calmed) return;
  calmed = true;
  instancesChannel.subscribe((message) => {
    const { instance } = message as { readonly instance: unknown };
    if (instance instanceof Connection) instance.on('error', () => undefined);
  });
}

let calmed = false;
