import { spawnSync } from 'node:child_process';
import type { SystemUser } from './run-server.ts';

/** Longer than anything that a server's own programs do here. */
const commandMaxMs = 180_000;
/** What fetches from the network may take longer. */
export const fetchMaxMs = 600_000;

/** Runs a program to its end; returns what it prints. Errors: when it ends otherwise than with success, with what it said. */
export function runProgram(
  program: string,
  parameters: readonly string[],
  options: {
    readonly input?: string | undefined;
    readonly folder?: string | undefined;
    readonly user?: SystemUser | undefined;
    readonly environment?: NodeJS.ProcessEnv | undefined;
    /** Default 180,000. */
    readonly timeoutMs?: number | undefined;
  } = {},
): string {
  const { status, signal, stdout, stderr, error } = spawnSync(program, [...parameters], {
    cwd: options.folder ?? '/',
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
    timeout: options.timeoutMs ?? commandMaxMs,
    ...(options.input === undefined ? {} : { input: options.input }),
    ...(options.environment === undefined ? {} : { env: options.environment }),
    ...options.user,
  });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${program} ended with ${status ?? signal}: ${stderr.slice(0, 2000)}`);
  return stdout;
}
