import { runTests } from './run-tests.ts';

const failed = await runTests([
  { title: 'units', globs: ['src/**/*.test.ts'], isolation: 'none', processes: 2 },
  {
    title: 'whole',
    globs: ['test/**/*.test.ts'],
    except: ['test/services/', 'test/tidy.test.ts'],
    isolation: 'process',
  },
]);
process.exitCode = failed ? 1 : 0;
