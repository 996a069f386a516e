import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { runProgram } from './run-program.ts';
import { runServer } from './run-server.ts';

/** A program with the parameters that come before all others. */
export type Command = readonly [program: string, parameters: readonly string[]];

/** MariaDB or MySQL, running on a folder of its own. */
export interface MysqlServer {
  readonly port: number;
  readonly socket: string;
  /** Its superuser, who has no password and comes by the socket. */
  readonly root: 'root';
  readonly pid: number;
  /** Its own client, as the superuser. */
  readonly client: Command;
  /** Runs statements as the superuser; returns what the client prints. */
  sql(statements: string, options?: { readonly database?: string }): string;
  /** Its own dump, as the superuser. */
  readonly dump: Command;
  restart(signal?: NodeJS.Signals): Promise<void>;
  stop(): Promise<void>;
}

/** How a server of this protocol is started. */
export interface MysqlServerOptions {
  /** Takes its data, its socket and its messages. */
  readonly folder: string;
  readonly port?: number;
  readonly arguments?: readonly string[];
  /** Left running when this process ends. Default false. */
  readonly detached?: boolean;
}

/** What runs as root must say so. */
export const asRoot: readonly string[] = process.getuid?.() === 0 ? ['--user=root'] : [];

/** Starts MariaDB or MySQL, with its binary log; `programs` are its own server, client and dump. */
export async function startMysqlServer(
  options: MysqlServerOptions & {
    readonly programs: Readonly<Record<'server' | 'client' | 'dump', Command>>;
    /** Fills a folder that is not there yet with an empty database. */
    readonly prepare: (data: string) => void;
  },
): Promise<MysqlServer> {
  const { folder, programs } = options;
  mkdirSync(folder, { recursive: true });
  const data = join(folder, 'data');
  options.prepare(data);
  const port = options.port ?? (await freePort());
  const socket = join(folder, 'mysql.sock');
  const visit = ['--no-defaults', `--socket=${socket}`, '-uroot', '--default-character-set=utf8mb4'];
  const visiting = ([program, first]: Command): Command => [program, [...first, ...visit]];
  const [program, first] = programs.server;
  const client = visiting(programs.client);
  const start = (): ReturnType<typeof runServer> =>
    runServer({
      program,
      arguments: [
        ...first,
        '--no-defaults',
        ...asRoot,
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
      log: join(folder, 'server.log'),
      ready: async () => Promise.resolve(spawnSync(client[0], [...client[1], '-e', 'select 1']).status === 0),
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
    client,
    sql: (statements, { database } = {}) =>
      runProgram(
        client[0],
        [...client[1], '--batch', '--skip-column-names', ...(database === undefined ? [] : [database])],
        { input: statements },
      ),
    dump: visiting(programs.dump),
    restart: async (signal) => {
      await server.stop(signal);
      server = await start();
    },
    stop: () => server.stop('SIGKILL'),
  };
}
