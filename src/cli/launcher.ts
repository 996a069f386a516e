import { Socket } from 'node:net';

/** Names the file descriptor of the launcher's pipe. */
const variable = 'OCTAVO_LAUNCHER_FD';

/**
 * Ends this process cleanly when its launcher is gone: `npx octavo start` is two processes, and who kills the one that they see
 * means both. Does nothing where there is no launcher. The variable is taken out: it means nothing to processes started from here.
 */
export function endWithLauncher(environment: NodeJS.ProcessEnv): void {
  const fd = launcherFd(environment[variable]);
  delete environment[variable];
  if (fd === undefined) return;
  const pipe = new Socket({ fd });
  const end = (): void => void process.kill(process.pid, 'SIGTERM');
  pipe.once('error', end).once('end', end).resume();
  // It waits for the launcher as long as the command lives, no longer.
  pipe.unref();
}

/** The file descriptor that the variable's value names; undefined for anything else. */
export function launcherFd(value: string | undefined): number | undefined {
  return value !== undefined && /^\d+$/.test(value) ? Number(value) : undefined;
}
