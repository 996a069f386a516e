// Builds everything that browsers load, as far as a source has changed: the tracker, then the console.
await import('./build-tracker.ts');
await import('./build-console.ts');
