import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { endWithProcess } from '../../services/end-with-process.ts';

const main = join(import.meta.dirname, '../../src/cli/main.ts');

/** An `octavo` that serves, in a process of its own. */
export interface OctavoProcess {
  /** The Iceberg REST catalogue. */
  readonly catalogUrl: string;
  /** What it said when it was ready. */
  readonly ready: Readonly<Record<string, unknown>>;
  stop(): Promise<void>;
}

/** Starts `octavo <arguments> --json --port 0`; resolves when it says that it is ready. */
export async function startOctavo(...command: readonly string[]): Promise<OctavoProcess> {
  const child = spawn(process.execPath, [main, ...command, '--json', '--port', '0'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  endWithProcess(child);
  let said = '';
  child.stderr.on('data', (bytes: Buffer) => {
    said = (said + bytes.toString()).slice(-4000);
  });
  const ready = await new Promise<Record<string, unknown>>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const document = JSON.parse(line) as Record<string, unknown>;
      if (document['ready'] === true) resolve(document);
      else said = `${said}${line}\n`.slice(-4000);
    });
    child.once('close', (code) => reject(new Error(`octavo ${command[0]} ended with ${code}: ${said}`)));
  });
  return {
    catalogUrl: `${String(ready['url'])}/iceberg`,
    ready,
    stop: async () => {
      if (child.exitCode !== null) return;
      const closed = once(child, 'close');
      child.kill('SIGTERM');
      await closed;
    },
  };
}

/** Runs an `octavo` command to its end and gives back its JSON. */
export function runOctavo(...command: readonly string[]): Readonly<Record<string, unknown>> {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...command, '--json'], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`octavo ${command[0]} ended with ${status}: ${stdout}${stderr}`);
  return JSON.parse(stdout) as Record<string, unknown>;
}
