import type { ServerSourceConfig } from '../../base/index.ts';

/** Whether a connection is encrypted: as declared, or checked whenever it leaves this machine. */
export function tlsMode({
  host,
  socket,
  tls,
}: Pick<ServerSourceConfig, 'host' | 'socket' | 'tls'>): 'off' | 'encrypt' | 'verify' {
  if (tls.mode !== 'auto') return tls.mode;
  return socket !== undefined || /^(localhost|127\.\d+\.\d+\.\d+|::1)$/.test(host) ? 'off' : 'verify';
}
