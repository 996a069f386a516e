import { after } from 'node:test';
import { closeShared } from './world.ts';

// One simulated store for all suites: making it takes most of the time.
after(closeShared);

await import('./numbers.suite.ts');
await import('./pages.suite.ts');
