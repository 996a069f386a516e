import { spawn } from 'node:child_process';
import { globSync } from 'node:fs';
import { dirname } from 'node:path';

/** Test files that run together. */
export interface TestGroup {
  readonly title: string;
  /** Relative to the repository. */
  readonly globs: readonly string[];
  /** Paths that begin like this are left out. */
  readonly except?: readonly string[];
  /** `none`: all in one process, fast; `process`: each file in its own. */
  readonly isolation: 'none' | 'process';
}

const root = dirname(import.meta.dirname);

/** Runs the groups one after the other; the last line says `N passed, N failed`. True when anything failed. */
export async function runTests(groups: readonly TestGroup[]): Promise<boolean> {
  let [passed, failed] = [0, 0];
  for (const group of groups) {
    const files = globSync([...group.globs], { cwd: root })
      .filter((file) => !(group.except ?? []).some((prefix) => file.startsWith(prefix)))
      .toSorted();
    if (files.length === 0) continue;
    process.stdout.write(`${group.title}: ${files.length} files\n`);
    const counts = await runNode(files, group.isolation);
    passed += counts.passed;
    failed += counts.failed;
  }
  if (passed + failed === 0) {
    process.stdout.write('no tests were found\n');
    failed = 1;
  }
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  return failed > 0;
}

async function runNode(files: readonly string[], isolation: TestGroup['isolation']) {
  const options = ['--test', `--test-isolation=${isolation}`, '--test-concurrency=2', '--test-reporter=spec'];
  const child = spawn(process.execPath, [...options, ...files], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let tail = '';
  child.stdout.setEncoding('utf8');
  child.stdout.on('data', (text: string) => {
    process.stdout.write(text);
    tail = (tail + text).slice(-tailLengthMax);
    const summary = tail.lastIndexOf('tests ');
    if (summary > tailLengthMax / 2) tail = tail.slice(summary);
  });
  const code = await new Promise<number>((done) => child.once('close', (status) => done(status ?? 1)));
  return countsOf(tail, code);
}

const tailLengthMax = 1_000_000;

/** What node's closing summary says; a run that ended badly without a failed test counts as one failure. */
export function countsOf(
  output: string,
  exitCode: number,
): { readonly passed: number; readonly failed: number } {
  const last = (name: string): number =>
    Number([...output.matchAll(new RegExp(`^(?:ℹ|#) ${name} (\\d+)$`, 'gm'))].at(-1)?.[1] ?? 0);
  const failed = last('fail') + last('cancelled');
  return { passed: last('pass'), failed: failed === 0 && exitCode !== 0 ? 1 : failed };
}
