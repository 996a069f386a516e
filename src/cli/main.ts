import { realpathSync } from 'node:fs';
import { constants } from 'node:os';
import { OctavoError } from '../base/index.ts';
import { registerModuleHook } from './module-hook.ts';
import { exitCodeOf, processTerminal, renderError } from './output.ts';
import { createProgram } from './program.ts';

const flags = process.argv.slice(2);
const json = flags.includes('--json');
const debug = flags.includes('--debug');
const stop = new AbortController();
let signals = 0;

for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.on(name, () => {
    signals += 1;
    // Whoever asks twice does not want to wait for a clean end.
    if (signals > 1) process.exit(128 + constants.signals[name]);
    process.exitCode = name === 'SIGINT' ? 130 : 143;
    stop.abort(new OctavoError('cancelled', 'stopped by a signal'));
  });
}
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

registerModuleHook();
const terminal = processTerminal();
try {
  const program = createProgram({
    terminal,
    signal: stop.signal,
    environment: process.env,
    workingDirectory: realpathSync(process.cwd()),
  });
  await program.parseAsync(process.argv);
} catch (error) {
  if (!stop.signal.aborted) {
    const text = renderError(error, { json, debug });
    if (json) terminal.out(text);
    else terminal.err(text);
    process.exitCode = exitCodeOf(error);
  }
}
