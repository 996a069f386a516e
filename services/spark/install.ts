import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** Where the jars lie; ignored by git, kept between runs. */
export const sparkJars = join(root, '.cache/services/spark/lib');

/** What is missing to run Spark here, in one line with the way to install it; undefined when nothing is. */
export function sparkMissing(): string | undefined {
  if (spawnSync('java', ['-version']).status !== 0)
    return 'Java 17 or newer is missing: apt-get install openjdk-17-jre-headless';
  if (existsSync(sparkJars)) return undefined;
  return spawnSync('mvn', ['--version']).status === 0 ? undefined : 'Maven is missing: apt-get install maven';
}

/** Fetches the jars of `pom.xml` with Maven, once (about 330 MB). */
export function installSpark(): void {
  if (existsSync(sparkJars)) return;
  const partial = `${sparkJars}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  const pom = join(import.meta.dirname, 'pom.xml');
  const goal = ['dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${partial}`];
  const result = spawnSync('mvn', ['--quiet', '--batch-mode', '--file', pom, ...goal], { stdio: 'inherit' });
  if (result.status !== 0) throw new Error('Maven could not fetch the jars of Spark');
  renameSync(partial, sparkJars);
}
