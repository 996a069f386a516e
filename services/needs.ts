import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { mariadbServerProgram } from './mariadb/programs.ts';
import { newestMysql } from './mysql/programs.ts';
import { postgresPrograms } from './postgres/programs.ts';

const root = join(import.meta.dirname, '..');

/** The Python that PyIceberg is installed in; ignored by git, kept between runs. */
export const python = join(root, '.cache/python/bin/python3');

/** Something that a person installs once. */
export interface Need {
  readonly what: string;
  /** One command. */
  readonly how: string;
}

const javaMajors = { least: 17, most: 23 };
const mac = process.platform === 'darwin';

/** What is missing of Java and Maven, which start Spark and Kafka. */
export function missingForJava(): readonly Need[] {
  const java: Need = {
    what: `a Java development kit, ${javaMajors.least} to ${javaMajors.most}`,
    how: mac ? 'brew install openjdk@17' : 'apt-get install openjdk-17-jdk-headless',
  };
  const maven: Need = {
    what: 'Maven',
    how: mac ? 'brew install maven' : 'apt-get install maven',
  };
  return [...(javaFits() ? [] : [java]), ...(answers('mvn', '--version') ? [] : [maven])];
}

/** What is missing of Python, which reads tables through PyIceberg. */
export function missingForPyiceberg(): readonly Need[] {
  if (existsSync(python) && answers(python, '-c', 'import pyiceberg, pyarrow')) return [];
  const packages = '.cache/python/bin/pip install -r services/pyiceberg/requirements.txt';
  return [
    { what: 'Python 3.11 or newer with PyIceberg', how: `python3 -m venv .cache/python && ${packages}` },
  ];
}

/** What is missing of the database servers that a shop may have. */
export function missingForShops(): readonly Need[] {
  return [...missingForShop('mariadb'), ...missingForShop('postgres')];
}

/** What is missing of one of them. */
export function missingForShop(server: 'mariadb' | 'mysql' | 'postgres'): readonly Need[] {
  switch (server) {
    case 'mariadb':
      if (mariadbServerProgram() !== undefined) return [];
      return [
        {
          what: 'MariaDB’s server and client',
          how: mac ? 'brew install mariadb' : 'apt-get install mariadb-server',
        },
      ];
    case 'mysql': {
      const reason = newestMysql.missing();
      if (reason === undefined) return [];
      return [{ what: `MySQL (${reason})`, how: 'apt-get install apt dpkg debian-archive-keyring' }];
    }
    case 'postgres':
      if (postgresPrograms() !== undefined) return [];
      return [
        {
          what: 'PostgreSQL’s server and client',
          how: mac ? 'brew install postgresql@17' : 'apt-get install postgresql',
        },
      ];
  }
}

/** What is missing of the web server whose logs the agent follows. */
export function missingForNginx(): readonly Need[] {
  const how = mac ? 'brew install nginx' : 'apt-get install nginx-light';
  return existsSync('/usr/sbin/nginx') || answers('nginx', '-v') ? [] : [{ what: 'nginx', how }];
}

/** One line about something missing. */
export function needLine(need: Need): string {
  return `missing: ${need.what}; install it with: ${need.how}`;
}

// The compiler's module is looked for because Spark's side of the tests is Java that runs from source.
function javaFits(): boolean {
  const { stdout } = spawnSync('java', ['--list-modules'], { encoding: 'utf8' });
  const major = Number(/^jdk\.compiler@(\d+)/m.exec(stdout ?? '')?.[1] ?? 0);
  return major >= javaMajors.least && major <= javaMajors.most;
}

function answers(program: string, ...args: readonly string[]): boolean {
  return spawnSync(program, args, { encoding: 'utf8' }).status === 0;
}
