import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

// Debian keeps it where only root looks.
const debianServer = '/usr/sbin/mariadbd';

/** MariaDB's server program; undefined when it is not installed. */
export function mariadbServerProgram(): string | undefined {
  if (existsSync(debianServer)) return debianServer;
  return spawnSync('mariadbd', ['--version']).status === 0 ? 'mariadbd' : undefined;
}
