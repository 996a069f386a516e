import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { sparkJars } from './install.ts';
import { catalogSettings, javaOptions } from './java-options.ts';

/** A Spark in a process of its own, for tests. */
export interface SparkSql {
  /** Runs one statement; values come as text. Rejects with Spark's message. */
  run(sql: string): Promise<readonly (readonly (string | null)[])[]>;
  stop(): Promise<void>;
}

/** Starts Spark with the catalogue attached; resolves when it takes statements. */
export async function startSparkSql(options: {
  readonly catalogUrl: string;
  readonly workFolder: string;
}): Promise<SparkSql> {
  const settings = Object.entries(catalogSettings(options.catalogUrl)).map(
    ([key, value]) => `-D${key}=${value}`,
  );
  const source = join(import.meta.dirname, 'SparkSql.java');
  const child = spawn('java', [...javaOptions, ...settings, '-cp', `${sparkJars}/*`, source], {
    cwd: options.workFolder,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let log = '';
  child.stderr.on('data', (bytes: Buffer) => {
    log = (log + bytes.toString()).slice(-4000);
  });
  const waiting: { resolve(answer: Answer): void; reject(error: Error): void }[] = [];
  const next = (): Promise<Answer> => new Promise((resolve, reject) => waiting.push({ resolve, reject }));
  createInterface({ input: child.stdout }).on('line', (line) =>
    waiting.shift()?.resolve(JSON.parse(line) as Answer),
  );
  child.once('exit', (code) => {
    for (const { reject } of waiting.splice(0)) reject(new Error(`Spark ended with ${code}: ${log}`));
  });
  await next();
  return {
    run: async (sql) => {
      const answer = next();
      child.stdin.write(`${JSON.stringify(sql)}\n`);
      const { rows, error } = await answer;
      if (error !== undefined) throw new Error(error);
      return rows ?? [];
    },
    stop: async () => {
      child.stdin.end();
      if (child.exitCode === null) await once(child, 'exit');
    },
  };
}

interface Answer {
  readonly ready?: string;
  readonly rows?: readonly (readonly (string | null)[])[];
  readonly error?: string;
}
