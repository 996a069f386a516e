import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { endWithProcess } from './end-with-process.ts';

/** A user of the system, as a child process takes it. */
export interface SystemUser {
  readonly uid: number;
  readonly gid: number;
}

/** A server process. */
export interface ServerProcess {
  readonly pid: number;
  /** Ends it with the signal and waits until it has ended. Default `SIGTERM`. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

// A machine that is busy with other things starts it slowly.
const readyMs = 180_000;
// A server that does not end on being asked is ended.
const stopMaxMs = 30_000;

/** Starts a server and waits until it answers. Errors: when it ends before, with the file of its messages. */
export async function runServer(options: {
  readonly program: string;
  readonly arguments: readonly string[];
  /** File that takes what it prints. */
  readonly log: string;
  readonly user?: SystemUser | undefined;
  readonly ready: () => Promise<boolean>;
  /** Left running when this process ends. Default false. */
  readonly detached?: boolean;
}): Promise<ServerProcess> {
  const out = openSync(options.log, 'a');
  const child = spawn(options.program, [...options.arguments], {
    stdio: ['ignore', out, out],
    detached: options.detached === true,
    ...options.user,
  });
  if (options.detached === true) child.unref();
  else endWithProcess(child);
  const deadlineMs = Date.now() + readyMs;
  while (!(await options.ready())) {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(
        `${options.program} ended with ${child.exitCode ?? child.signalCode}; see ${options.log}`,
      );
    if (Date.now() > deadlineMs) {
      child.kill('SIGKILL');
      throw new Error(`${options.program} did not answer within ${readyMs / 1000} s; see ${options.log}`);
    }
    await delay(50);
  }
  return { pid: child.pid ?? 0, stop: (signal = 'SIGTERM') => stop(child, signal) };
}

async function stop(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill(signal);
  const late = setTimeout(() => child.kill('SIGKILL'), stopMaxMs);
  await ended;
  clearTimeout(late);
}

/** The user of that name, when this process is root and may become it. */
export function systemUser(...names: readonly string[]): SystemUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of names) {
    const [uid, gid] = ['-u', '-g'].map((flag) =>
      spawnSync('id', [flag, name], { encoding: 'utf8' }).stdout.trim(),
    );
    if (uid !== undefined && gid !== undefined && uid !== '' && gid !== '')
      return { uid: Number(uid), gid: Number(gid) };
  }
  return undefined;
}
