import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { endWithProcess } from '../../services/end-with-process.ts';

/** `octavo start`, or another command that runs until it is stopped, in a process of its own. */
export interface ServiceProcess {
  readonly pid: number;
  /** Where it answers; rejects when the process ends before. */
  readonly ready: Promise<string>;
  /** Kills it at once, and waits until it is gone; returns the processes that it had started. */
  kill(): Promise<readonly number[]>;
  /** Asks it to end; returns its exit code, and null when it had to be killed. */
  stop(): Promise<number | null>;
}

const root = join(import.meta.dirname, '../..');
const stopMaxMs = 120_000;

/** Starts the service of a project, or another command of it. @param log - file to which its standard error stream is appended */
export function startService(options: {
  readonly project: string;
  readonly data: string;
  readonly log: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Default `start` on a port that is free. */
  readonly command?: readonly string[];
}): ServiceProcess {
  const { project, data, command = ['start', '--port', '0'] } = options;
  const flags = [...command, '--project', project, '--data', data, '--json'];
  const child = spawn(process.execPath, [join(root, 'src/cli/main.ts'), ...flags], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...options.environment },
  });
  endWithProcess(child);
  child.stderr.pipe(createWriteStream(options.log, { flags: 'a' }));
  const exit = once(child, 'exit').then(([code]) => code as number | null);
  const ready = urlOf(child);
  ready.catch(() => undefined);
  const pid = child.pid ?? 0;
  return {
    pid,
    ready,
    kill: async () => {
      const children = childrenOf(pid);
      child.kill('SIGKILL');
      await exit;
      return children;
    },
    stop: async () => {
      child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), stopMaxMs);
      try {
        return await exit;
      } finally {
        clearTimeout(late);
      }
    },
  };
}

function urlOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      const url = /"url":\s*"([^"]+)"/.exec(said)?.[1];
      if (url !== undefined) resolve(url);
    });
    child.once('exit', (code) => reject(new Error(`octavo ended with ${code} before it was ready`)));
  });
}

/** Processes whose parent it is. */
export function childrenOf(pid: number): readonly number[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    return parentOf(Number(name)) === pid ? [Number(name)] : [];
  });
}

/** Resolves when none of the processes is left; returns those that are still there after the time. */
export async function waitForEnd(pids: readonly number[], timeoutMs: number): Promise<readonly number[]> {
  const deadlineMs = performance.now() + timeoutMs;
  for (;;) {
    const left = pids.filter((pid) => parentOf(pid) !== undefined);
    if (left.length === 0 || performance.now() > deadlineMs) return left;
    await delay(20);
  }
}

/** Undefined when there is no such process, or nothing but its exit code is left of it. */
function parentOf(pid: number): number | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return fields[0] === 'Z' ? undefined : Number(fields[1]);
  } catch {
    return undefined;
  }
}
