import { readFile } from 'node:fs/promises';
import { OctavoError, type ServerSourceConfig } from '../../base/index.ts';

/** Whether a connection is encrypted: as declared, or checked whenever it leaves this machine. */
export function tlsMode({
  host,
  socket,
  tls,
}: Pick<ServerSourceConfig, 'host' | 'socket' | 'tls'>): 'off' | 'encrypt' | 'verify' {
  if (tls.mode !== 'auto') return tls.mode;
  return socket !== undefined || /^(localhost|127\.\d+\.\d+\.\d+|::1)$/.test(host) ? 'off' : 'verify';
}

/** The PEM files of the settings, read. Errors: `source_invalid`, naming the file. */
export async function readTlsFiles(
  tls: ServerSourceConfig['tls'],
): Promise<Readonly<Partial<Record<'ca' | 'cert' | 'key', string>>>> {
  const read: Partial<Record<'ca' | 'cert' | 'key', string>> = {};
  for (const name of ['ca', 'cert', 'key'] as const) {
    const path = tls[name];
    if (path === undefined) continue;
    read[name] = await readFile(path, 'utf8').catch((cause: unknown) => {
      throw new OctavoError('source_invalid', `tls.${name}: ${path} cannot be read`, { cause });
    });
  }
  return read;
}
