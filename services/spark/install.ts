import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const pom = join(import.meta.dirname, 'pom.xml');
const folder = join(import.meta.dirname, '../../.cache/services/spark');
const version = createHash('sha256').update(readFileSync(pom)).digest('hex').slice(0, 8);

/** Where the jars of this `pom.xml` lie; ignored by git, kept between runs. */
export const sparkJars = join(folder, `lib-${version}`);

/** Where a Spark that runs in the background keeps its state and its log. */
export const sparkFolder = folder;

/**
 * Fetches the jars of `pom.xml` with Maven, once (about 330 MB). What came is kept by Maven, so
 * another try after a broken connection goes on where the last one ended.
 */
export function installSpark(): void {
  if (existsSync(sparkJars)) return;
  process.stdout.write('fetching the jars of Spark with Maven, once (about 330 MB)\n');
  const partial = `${sparkJars}.${process.pid}`;
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
      throw new Error(`Maven could not fetch the jars of Spark; look at its message above`);
    }
  }
  renameSync(partial, sparkJars);
}

const attemptsMax = 3;
