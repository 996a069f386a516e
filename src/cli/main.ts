import { realpathSync } from 'node:fs';
import { constants } from 'node:os';
import { CommanderError } from 'commander';
import { hasCode, OctavoError } from '../base/index.ts';
import { endWithLauncher } from './launcher.ts';
import { registerModuleHook } from './module-hook.ts';
import { exitCodeOf, renderError } from './output.ts';
import { createProgram } from './program.ts';
import { processTerminal } from './terminal.ts';
import { isHelp, usageError } from './usage.ts';

const args = process.argv.slice(2);
const json = args.includes('--json');
const debug = args.includes('--debug');
const stop = new AbortController();
const cancelledCode = 130;
/** What is not ended by then is cut off, as by a kill: supervisors commonly wait 30 seconds before they kill. */
const stopMaxMs = 25_000;
/** The exit code that a shell expects of what stopped this process from outside. */
let stopCode: number | undefined;

for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(name, () => {
    const code = 128 + constants.signals[name];
    // Whoever asks twice does not want to wait for a clean end.
    if (stopCode !== undefined) process.exit(code);
    stopCode = code;
    setTimeout(() => {
      terminal.err(`error: stopping took longer than ${stopMaxMs / 1000} s and was cut short`);
      process.exit(code);
    }, stopMaxMs).unref();
    stop.abort(new OctavoError('cancelled', 'stopped by a signal'));
  });
}
/** Nobody reads the answer any more, e.g. `| head`. */
let unread = false;
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // Long work ends cleanly, and the rest of the answer goes nowhere.
  if (error.code === 'EPIPE') unread = true;
  else if (stopCode === undefined) {
    terminal.err(`error: the answer could not be written: ${error.message}`);
    stopCode = 1;
    process.exitCode = 1;
  }
  if (!stop.signal.aborted) stop.abort(new OctavoError('cancelled', 'the output is closed'));
});
// Notices that nobody can read are no reason to stop.
process.stderr.on('error', () => undefined);

endWithLauncher(process.env);
registerModuleHook();
const terminal = processTerminal(process.env);
const program = createProgram({
  terminal,
  signal: stop.signal,
  environment: process.env,
  workingDirectory: realpathSync(process.cwd()),
});
try {
  await program.parseAsync(process.argv);
} catch (error) {
  terminal.status(undefined);
  if (isHelp(error)) process.exitCode = error.exitCode;
  else if (hasCode(error, 'cancelled')) process.exitCode = cancelledCode;
  else if (!stop.signal.aborted || debug) {
    const told = error instanceof CommanderError ? usageError(error, program, args) : error;
    const text = renderError(told, { json, debug });
    if (json) terminal.out(text);
    else terminal.err(text);
    process.exitCode = exitCodeOf(told);
  }
}
if (unread && process.exitCode === cancelledCode) process.exitCode = 128 + constants.signals.SIGPIPE;
if (stopCode !== undefined) process.exitCode = stopCode;
