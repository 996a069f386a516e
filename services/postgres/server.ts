import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../free-port.ts';
import { postgresPrograms } from './programs.ts';
import { runProgram } from '../run-program.ts';
import { runServer, systemUser } from '../run-server.ts';

/** A PostgreSQL that runs on a folder of its own. */
export interface PostgresServer {
  readonly port: number;
  /** Folder of its socket, by which the superuser `postgres` comes without a password. */
  readonly socket: string;
  readonly bin: string;
  readonly pid: number;
  /** Runs statements as the superuser; returns what psql prints, unaligned. */
  sql(statements: string, options?: { readonly database?: string }): string;
  restart(signal?: NodeJS.Signals): Promise<void>;
  stop(): Promise<void>;
}

const restartMaxMs = 60_000;

/** Makes a cluster in the folder and starts PostgreSQL on it, ready for logical decoding. */
export async function startPostgres(options: {
  readonly folder: string;
  readonly port?: number;
  readonly settings?: Readonly<Record<string, string>>;
  /** With which connections are encrypted, for whoever wants it. */
  readonly certificates?: { readonly cert: string; readonly key: string };
  readonly detached?: boolean;
}): Promise<PostgresServer> {
  const bin = postgresPrograms();
  if (bin === undefined) throw new Error('PostgreSQL is not installed');
  const { folder } = options;
  mkdirSync(folder, { recursive: true });
  // The server refuses to run as root.
  const user = systemUser('postgres', 'nobody');
  if (user !== undefined) chownSync(folder, user.uid, user.gid);
  const data = join(folder, 'data');
  const password = join(folder, 'password');
  writeFileSync(password, 'postgres\n');
  if (user !== undefined) chownSync(password, user.uid, user.gid);
  if (!existsSync(data))
    runProgram(
      join(bin, 'initdb'),
      [
        '-D',
        data,
        '-U',
        'postgres',
        '--auth-local=trust',
        '--auth-host=scram-sha-256',
        `--pwfile=${password}`,
        '--no-sync',
        '-E',
        'UTF8',
        '--locale=C.UTF-8',
      ],
      { user },
    );
  for (const name of ['cert', 'key'] as const) {
    const given = options.certificates?.[name];
    if (given === undefined) continue;
    // The server reads a key only that is its own, and nobody else's to read.
    const path = join(data, `tls-${name}.pem`);
    copyFileSync(given, path);
    chmodSync(path, 0o600);
    if (user !== undefined) chownSync(path, user.uid, user.gid);
  }
  const port = options.port ?? (await freePort());
  const settings = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: folder,
    wal_level: 'logical',
    fsync: 'off',
    max_wal_senders: '4',
    shared_buffers: '64MB',
    ...(options.certificates === undefined
      ? {}
      : { ssl: 'on', ssl_cert_file: 'tls-cert.pem', ssl_key_file: 'tls-key.pem' }),
    ...options.settings,
  };
  const start = (): ReturnType<typeof runServer> =>
    runServer({
      program: join(bin, 'postgres'),
      arguments: [
        '-D',
        data,
        ...Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`]),
      ],
      log: join(folder, 'postgres.log'),
      user,
      ready: async () =>
        Promise.resolve(
          spawnSync(join(bin, 'psql'), ['-h', folder, '-p', String(port), '-U', 'postgres', '-c', 'select 1'])
            .status === 0,
        ),
      ...(options.detached === undefined ? {} : { detached: options.detached }),
    });
  let server = await start();
  return {
    port,
    socket: folder,
    bin,
    get pid() {
      return server.pid;
    },
    sql: (statements, { database = 'postgres' } = {}) =>
      runProgram(
        join(bin, 'psql'),
        [
          '-X',
          '-q',
          '-A',
          '-t',
          '-v',
          'ON_ERROR_STOP=1',
          '-h',
          folder,
          '-p',
          String(port),
          '-U',
          'postgres',
          '-d',
          database,
        ],
        { input: statements },
      ),
    restart: async (signal = 'SIGINT') => {
      await server.stop(signal);
      const deadlineMs = Date.now() + restartMaxMs;
      // Of a server that was killed some processes live on for a moment; until they are gone no other may begin.
      for (;;) {
        try {
          server = await start();
          return;
        } catch (error) {
          if (Date.now() > deadlineMs) throw error;
          await delay(200);
        }
      }
    },
    // Fast: connections are cut off.
    stop: () => server.stop('SIGINT'),
  };
}
