import { spawn, type ChildProcess } from 'node:child_process';
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
  /** Processes that share the files of isolation `none`. Default 1. */
  readonly processes?: number;
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
    const shares = Array.from({ length: group.processes ?? 1 }, (_, share) =>
      files.filter((_file, place) => place % (group.processes ?? 1) === share),
    );
    for (const counts of await Promise.all(
      shares.map((share, place) => runNode(share, group.isolation, place)),
    )) {
      passed += counts.passed;
      failed += counts.failed;
    }
  }
  if (passed + failed === 0) {
    process.stdout.write('no tests were found\n');
    failed = 1;
  }
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  return failed > 0;
}

/** The first share's output is shown as it comes, the others' when they are through, so that lines do not mix. */
async function runNode(files: readonly string[], isolation: TestGroup['isolation'], place: number) {
  const options = [
    '--test',
    `--test-isolation=${isolation}`,
    '--test-concurrency=2',
    '--test-reporter=spec',
    `--test-timeout=${testMaxMs}`,
    // What a test that was given up still waits for does not keep the run from its end.
    '--test-force-exit',
  ];
  const child = spawn(process.execPath, [...options, ...files], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let tail = '';
  let endless = setTimeout(() => undefined, 0);
  const watch = (): void => {
    clearTimeout(endless);
    endless = setTimeout(() => endSilent(child, files), silenceMaxMs);
  };
  watch();
  const held: string[] = [];
  child.stdout.setEncoding('utf8');
  child.stdout.on('data', (text: string) => {
    watch();
    if (place === 0) process.stdout.write(text);
    else held.push(text);
    tail = (tail + text).slice(-tailLengthMax);
    const summary = tail.lastIndexOf('tests ');
    if (summary > tailLengthMax / 2) tail = tail.slice(summary);
  });
  const code = await new Promise<number>((done) => child.once('close', (status) => done(status ?? 1)));
  clearTimeout(endless);
  process.stdout.write(held.join(''));
  return countsOf(tail, code);
}

const tailLengthMax = 1_000_000;
/** A test or a suite of tests that takes longer has failed; `TEST_MINUTES` for those that are asked to take longer. */
const testMaxMs = Number(process.env['TEST_MINUTES'] ?? 15) * 60_000;
// Something that stops even the clock of the tests, like a blocked thread, must end as well.
const silenceMaxMs = testMaxMs + 60_000;
const lastWordsMs = 10_000;

function endSilent(child: ChildProcess, files: readonly string[]): void {
  process.stdout.write(
    `no test ended for ${silenceMaxMs / 60_000} minutes; stopped. Files of this run:\n${files.join('\n')}\n`,
  );
  child.kill('SIGTERM');
  setTimeout(() => child.kill('SIGKILL'), lastWordsMs).unref();
}

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
