import { isIP } from 'node:net';
import { OctavoError, type ServerSourceConfig } from '../../../base/index.ts';
import { readTlsFiles, tlsMode } from '../tls-mode.ts';

/** How the drivers encrypt. */
export interface MysqlTls {
  readonly rejectUnauthorized: boolean;
  readonly verifyIdentity: boolean;
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/**
 * Undefined for a connection in the clear. Errors: `source_invalid` for a file that cannot be read, and for an address whose
 * certificate should be checked: the driver looks for names alone, so it would take the certificate of another.
 */
export async function mysqlTls(source: ServerSourceConfig): Promise<MysqlTls | undefined> {
  const mode = tlsMode(source);
  if (mode === 'off') return undefined;
  if (mode === 'verify' && isIP(source.host) > 0)
    throw new OctavoError(
      'source_invalid',
      `host ${source.host} is an address, and certificates of MariaDB and MySQL are checked by name: give the name that its ` +
        `certificate has, or tls.mode: 'encrypt' to encrypt without knowing with whom`,
    );
  const verify = mode === 'verify';
  return { rejectUnauthorized: verify, verifyIdentity: verify, ...(await readTlsFiles(source.tls)) };
}
