import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runTests } from './run-tests.ts';

const python = join(dirname(import.meta.dirname), '.cache', 'python', 'bin', 'python3');
const answers = (program: string, ...args: string[]): boolean =>
  spawnSync(program, args, { encoding: 'utf8' }).status === 0;

const needs = [
  {
    what: 'Java 17 or newer',
    there: answers('java', '-version'),
    how: 'apt-get install openjdk-17-jre-headless',
  },
  { what: 'Maven', there: answers('mvn', '-v'), how: 'apt-get install maven' },
  {
    what: 'Python with pyiceberg',
    there: existsSync(python) && answers(python, '-c', 'import pyiceberg, pyarrow'),
    how: "python3 -m venv .cache/python && .cache/python/bin/pip install 'pyiceberg[pyarrow]==0.10.0'",
  },
];
const missing = needs.filter((need) => !need.there);
for (const need of missing) process.stdout.write(`missing: ${need.what}; install it with: ${need.how}\n`);

if (missing.length > 0) {
  process.stdout.write(`0 passed, ${missing.length} failed\n`);
  process.exitCode = 1;
} else {
  const failed = await runTests([
    { title: 'services', globs: ['test/services/**/*.test.ts'], isolation: 'process' },
  ]);
  process.exitCode = failed ? 1 : 0;
}
