import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';

const root = dirname(import.meta.dirname);
const fix = process.argv.includes('--fix');
const bin = (name: string): string => join(root, 'node_modules', '.bin', name);
const folders = ['src', 'test', 'bench', 'scripts', 'examples', 'services', 'bin'];

/** Each part of the check with the command that does it. */
const steps = [
  {
    name: 'format',
    command: [bin('oxfmt'), fix ? '--write' : '--check', '--no-error-on-unmatched-pattern', ...folders],
  },
  { name: 'lint', command: [bin('oxlint'), '--type-aware', ...(fix ? ['--fix'] : []), ...folders] },
  { name: 'types', command: [bin('tsc'), '-p', '.', '--noEmit'] },
  { name: 'types of the console', command: [bin('tsc'), '-p', 'src/console', '--noEmit'] },
  { name: 'types of the tracker', command: [bin('tsc'), '-p', 'src/tracker', '--noEmit'] },
  {
    name: 'size of the tracker',
    command: [process.execPath, join(root, 'scripts/build-tracker.ts'), '--sizes'],
  },
  { name: 'tidiness', command: [process.execPath, '--test', join(root, 'test/tidy.test.ts')] },
  { name: 'dead code', command: [bin('knip')] },
  {
    name: 'reference',
    command: [process.execPath, join(root, 'scripts/docs.ts'), ...(fix ? [] : ['--check'])],
  },
] as const;

const failed: string[] = [];
for (const step of steps) {
  const startedAt = performance.now();
  const [program, ...args] = step.command;
  const result = spawnSync(program, args, { cwd: root, stdio: 'inherit' });
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  if (result.status !== 0) failed.push(step.name);
  process.stdout.write(`${result.status === 0 ? 'ok    ' : 'FAILED'} ${step.name} ${seconds} s\n`);
}
process.stdout.write(failed.length === 0 ? 'all checks passed\n' : `failed: ${failed.join(', ')}\n`);
process.exitCode = failed.length === 0 ? 0 : 1;
