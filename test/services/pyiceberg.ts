import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { python } from '../../services/needs.ts';
import { formatIcebergJson } from '../../src/warehouse/index.ts';

/** PyIceberg in a process of its own; `tables.py` has the requests. */
export interface Pyiceberg {
  /** Rejects with the name and message of Python's exception. */
  ask<T = unknown>(request: Readonly<Record<string, unknown>>): Promise<T>;
  stop(): Promise<void>;
}

interface Answer {
  readonly result?: unknown;
  readonly error?: string;
}

/** Starts Python. */
export function startPyiceberg(): Pyiceberg {
  const child = spawn(python, [join(import.meta.dirname, 'tables.py')], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, NO_PROXY: '127.0.0.1', PYTHONIOENCODING: 'utf8' },
  });
  let log = '';
  let ended: Error | undefined;
  const waiting: { resolve(answer: Answer): void; reject(error: Error): void }[] = [];
  child.stderr.on('data', (bytes: Buffer) => {
    log = (log + bytes.toString()).slice(-4000);
  });
  child.stdin.on('error', () => undefined);
  child.once('close', (code) => {
    ended = new Error(`Python ended with ${code}: ${log}`);
    for (const { reject } of waiting.splice(0)) reject(ended);
  });
  const next = async (): Promise<Answer> => {
    if (ended !== undefined) throw ended;
    return new Promise((resolve, reject) => waiting.push({ resolve, reject }));
  };
  const ready = next();
  ready.catch(() => undefined);
  createInterface({ input: child.stdout }).on('line', (line) => {
    waiting.shift()?.resolve(JSON.parse(line) as Answer);
  });
  return {
    ask: async <T>(request: Readonly<Record<string, unknown>>) => {
      await ready;
      const answer = next();
      child.stdin.write(`${formatIcebergJson(request)}\n`);
      const { result, error } = await answer;
      if (error !== undefined) throw new Error(error);
      return result as T;
    },
    stop: async () => {
      if (ended !== undefined) return;
      const closed = once(child, 'close');
      child.stdin.end();
      await closed;
    },
  };
}
