import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Files of an authority and of somebody whom it vouches for, as PEM. */
export interface Certificates {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

/** Makes an authority of its own in the folder, and a certificate for the name `localhost` and no address. */
export function makeCertificates(folder: string): Certificates {
  mkdirSync(folder, { recursive: true });
  const path = (name: string): string => join(folder, name);
  const [ca, caKey, cert, key] = [
    path('ca.pem'),
    path('ca-key.pem'),
    path('server.pem'),
    path('server-key.pem'),
  ];
  const made = ['-newkey', 'rsa:2048', '-nodes'];
  openssl('req', '-x509', ...made, '-days', '30', '-subj', '/CN=Octavo tests', '-keyout', caKey, '-out', ca);
  openssl('req', ...made, '-subj', '/CN=localhost', '-keyout', key, '-out', path('server.csr'));
  writeFileSync(path('names'), 'subjectAltName=DNS:localhost\n');
  openssl(
    'x509',
    '-req',
    '-in',
    path('server.csr'),
    '-CA',
    ca,
    '-CAkey',
    caKey,
    '-CAcreateserial',
    '-days',
    '30',
    '-extfile',
    path('names'),
    '-out',
    cert,
  );
  return { ca, cert, key };
}

function openssl(...parameters: readonly string[]): void {
  const { status, stderr, error } = spawnSync('openssl', parameters, { encoding: 'utf8' });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`openssl ${parameters[0]} ended with ${status}: ${stderr}`);
}
