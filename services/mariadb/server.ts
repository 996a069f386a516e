import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../free-port.ts';
import { mariadbServerProgram } from './programs.ts';
import { runServer } from '../run-server.ts';

/** A MariaDB that runs on a folder of its own. */
export interface MariadbServer {
  readonly port: number;
  readonly socket: string;
  /** Its superuser, who has no password and comes by the socket. */
  readonly root: 'root';
  readonly pid: number;
  /** Runs statements as the superuser; returns what the client prints. */
  sql(statements: string, options?: { readonly database?: string; readonly input?: string }): string;
  restart(signal?: NodeJS.Signals): Promise<void>;
  stop(): Promise<void>;
}

/** Makes a database in the folder and starts MariaDB on it, with its binary log. */
export async function startMariadb(options: {
  readonly folder: string;
  readonly port?: number;
  readonly arguments?: readonly string[];
  readonly detached?: boolean;
}): Promise<MariadbServer> {
  const { folder } = options;
  const data = join(folder, 'data');
  mkdirSync(folder, { recursive: true });
  const user = process.getuid?.() === 0 ? ['--user=root'] : [];
  if (!existsSync(data))
    run('mariadb-install-db', [
      '--no-defaults',
      ...user,
      `--datadir=${data}`,
      '--auth-root-authentication-method=normal',
      '--skip-test-db',
      '--skip-name-resolve',
    ]);
  const port = options.port ?? (await freePort());
  const socket = join(folder, 'mysql.sock');
  const start = (): ReturnType<typeof runServer> =>
    runServer({
      program: mariadbServerProgram() ?? 'mariadbd',
      arguments: [
        '--no-defaults',
        ...user,
        `--datadir=${data}`,
        `--socket=${socket}`,
        `--port=${port}`,
        '--bind-address=127.0.0.1',
        '--skip-name-resolve',
        '--character-set-server=utf8mb4',
        // Handed to the system at each commit: what was committed outlives a kill.
        '--innodb-flush-log-at-trx-commit=2',
        '--innodb-buffer-pool-size=64M',
        '--server-id=1',
        '--log-bin=binlog',
        '--binlog-format=ROW',
        ...(options.arguments ?? []),
      ],
      log: join(folder, 'mariadbd.log'),
      ready: async () =>
        Promise.resolve(
          spawnSync('mariadb', ['--no-defaults', `--socket=${socket}`, '-uroot', '-e', 'select 1']).status ===
            0,
        ),
      ...(options.detached === undefined ? {} : { detached: options.detached }),
    });
  let server = await start();
  return {
    port,
    socket,
    root: 'root',
    get pid() {
      return server.pid;
    },
    sql: (statements, { database, input } = {}) =>
      run(
        'mariadb',
        [
          '--no-defaults',
          `--socket=${socket}`,
          '-uroot',
          '--default-character-set=utf8mb4',
          '--batch',
          '--skip-column-names',
          ...(database === undefined ? [] : [database]),
        ],
        input ?? statements,
      ),
    restart: async (signal) => {
      await server.stop(signal);
      server = await start();
    },
    stop: () => server.stop('SIGKILL'),
  };
}

function run(program: string, parameters: readonly string[], input?: string): string {
  const { status, stdout, stderr, error } = spawnSync(program, [...parameters], {
    encoding: 'utf8',
    maxBuffer: 1024 * 1024 * 1024,
    ...(input === undefined ? {} : { input }),
  });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${program} ended with ${status}: ${stderr.slice(0, 2000)}`);
  return stdout;
}
