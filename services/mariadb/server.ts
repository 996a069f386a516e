import { existsSync } from 'node:fs';
import { asRoot, startMysqlServer, type MysqlServer, type MysqlServerOptions } from '../mysql-server.ts';
import { runProgram } from '../run-program.ts';
import { mariadbServerProgram } from './programs.ts';

/** Starts the MariaDB that is installed. */
export function startMariadb(options: MysqlServerOptions): Promise<MysqlServer> {
  return startMysqlServer({
    ...options,
    programs: {
      server: [mariadbServerProgram() ?? 'mariadbd', []],
      client: ['mariadb', []],
      dump: ['mariadb-dump', []],
    },
    prepare: (data) => {
      if (existsSync(data)) return;
      runProgram('mariadb-install-db', [
        '--no-defaults',
        ...asRoot,
        `--datadir=${data}`,
        '--auth-root-authentication-method=normal',
        '--skip-test-db',
        '--skip-name-resolve',
      ]);
    },
  });
}
