import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { createProgram } from '../../src/cli/index.ts';

/** Folder of this repository. */
export const root: string = dirname(dirname(import.meta.dirname));
const main = join(root, 'src', 'cli', 'main.ts');

/** How a command ended. */
export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A command that may be running still. */
export interface Running {
  readonly child: ChildProcessByStdio<null, Readable, Readable>;
  readonly ended: Promise<Ended>;
  /** Standard output so far. */
  said(): string;
  /** Resolves when standard output has a line that begins like this, or the command ends. */
  line(beginning: string): Promise<void>;
}

/** Starts the real command, as the launcher does, in a folder. */
export function startCommand(args: readonly string[], folder: string = root): Running {
  const child = spawn(process.execPath, [main, ...args], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'octavo') },
  });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const ended = new Promise<Ended>((done) => child.once('close', (code) => done({ code, out, err })));
  return {
    child,
    ended,
    said: () => out,
    line: async (beginning) => {
      const there = (): boolean => out.split('\n').some((line) => line.startsWith(beginning));
      const arrived = new Promise<void>((done) => {
        const look = (): void => {
          if (there()) done();
        };
        child.stdout.on('data', look);
        look();
      });
      await Promise.race([arrived, ended]);
    },
  };
}

/** Runs the real command to its end. */
export async function runCommand(args: readonly string[], folder?: string): Promise<Ended> {
  return await startCommand(args, folder).ended;
}

/** Runs a command in this process, without what it costs to start one, as in a folder; a wrong call throws. */
export async function callCommand(args: readonly string[], folder: string = root): Promise<Ended> {
  let [out, err] = ['', ''];
  const program = createProgram({
    terminal: {
      out: (text) => (out += `${text}\n`),
      err: (text) => (err += `${text}\n`),
      status: () => undefined,
      interactive: false,
      width: undefined,
    },
    signal: new AbortController().signal,
    environment: {},
    workingDirectory: folder,
  });
  await program.parseAsync([...args], { from: 'user' });
  const code = Number(process.exitCode ?? 0);
  process.exitCode = 0;
  return { code, out, err };
}

/** The error that a command answered with, of its `--json` answer. */
export function errorOf(ended: Ended): { readonly code: string; readonly message: string } {
  const error = documentsOf(ended)[0]?.['error'];
  if (error === undefined) throw new Error(`no error: ${ended.out}`);
  return error as { readonly code: string; readonly message: string };
}

/** The documents on standard output, one a line; throws on anything else. */
export function documentsOf({ out }: Ended): readonly Readonly<Record<string, unknown>>[] {
  if (!out.endsWith('\n')) throw new Error(`the last line is not ended: ${out.slice(-200)}`);
  return out
    .slice(0, -1)
    .split('\n')
    .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
}
