import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const debianFolder = '/usr/lib/postgresql';

/** Folder of the server's programs; undefined when PostgreSQL is not installed. */
export function postgresPrograms(): string | undefined {
  const versions = existsSync(debianFolder) ? readdirSync(debianFolder).map(Number) : [];
  const [newest] = versions.filter(Number.isFinite).toSorted((left, right) => right - left);
  const folder =
    newest === undefined
      ? spawnSync('pg_config', ['--bindir'], { encoding: 'utf8' }).stdout?.trim()
      : join(debianFolder, String(newest), 'bin');
  return folder !== undefined && existsSync(join(folder, 'initdb')) ? folder : undefined;
}
