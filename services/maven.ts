import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Java software that Maven fetches. */
export interface JavaSoftware {
  readonly title: string;
  readonly pom: string;
  /** Where its jars lie, by the contents of the pom; ignored by git, kept between runs. */
  readonly jars: string;
  /** Where a server that runs in the background keeps its state and its log. */
  readonly folder: string;
  readonly sizeMegabytes: number;
}

/** What `services/<name>/pom.xml` names. */
export function javaSoftware(name: string, title: string, sizeMegabytes: number): JavaSoftware {
  const pom = join(import.meta.dirname, name, 'pom.xml');
  const folder = join(import.meta.dirname, '../.cache/services', name);
  const version = createHash('sha256').update(readFileSync(pom)).digest('hex').slice(0, 8);
  return { title, pom, jars: join(folder, `lib-${version}`), folder, sizeMegabytes };
}

/**
 * Fetches the jars of a pom with Maven, once. What came is kept by Maven, so another try after a broken
 * connection goes on where the last one ended.
 */
export function installJars({ title, pom, jars, sizeMegabytes }: JavaSoftware): void {
  if (existsSync(jars)) return;
  process.stdout.write(`fetching the jars of ${title} with Maven, once (about ${sizeMegabytes} MB)\n`);
  const partial = `${jars}.${process.pid}`;
  const goal = ['dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${partial}`];
  for (let attempt = 1; ; attempt++) {
    rmSync(partial, { recursive: true, force: true });
    mkdirSync(partial, { recursive: true });
    const { status, error } = spawnSync('mvn', ['--quiet', '--batch-mode', '--file', pom, ...goal], {
      stdio: ['ignore', 2, 2],
    });
    if (status === 0) break;
    if (error !== undefined || attempt === attemptsMax) {
      rmSync(partial, { recursive: true, force: true });
      throw new Error(`Maven could not fetch the jars of ${title}; look at its message above`);
    }
  }
  renameSync(partial, jars);
}

const attemptsMax = 3;
