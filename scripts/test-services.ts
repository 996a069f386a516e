import { missingForConsole } from '../services/chromium.ts';
import { installKafka } from '../services/kafka/cluster.ts';
import {
  missingForJava,
  missingForNginx,
  missingForPyiceberg,
  missingForShops,
  needLine,
} from '../services/needs.ts';
import { installSpark } from '../services/spark/install.ts';
import { runTests } from './run-tests.ts';

process.exitCode = await main();

async function main(): Promise<number> {
  const missing = [
    ...missingForJava(),
    ...missingForPyiceberg(),
    ...missingForConsole(),
    ...missingForShops(),
    ...missingForNginx(),
  ];
  if (missing.length > 0) return refuse(missing.map(needLine));
  try {
    installSpark();
    installKafka();
  } catch (error) {
    return refuse([(error as Error).message]);
  }
  // All in one process, so that Spark is started once.
  const failed = await runTests([
    { title: 'services', globs: ['test/services/**/*.test.ts'], isolation: 'none' },
  ]);
  return failed ? 1 : 0;
}

/** Says why nothing ran, in the form of a summary of node's test runner. */
function refuse(reasons: readonly string[]): number {
  for (const reason of reasons) process.stdout.write(`${reason}\n`);
  process.stdout.write(`ℹ tests 0\nℹ pass 0\nℹ fail ${reasons.length}\n0 passed, ${reasons.length} failed\n`);
  return 1;
}
