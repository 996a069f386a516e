import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { installSpark } from './install.ts';
import { javaArguments, javaEnvironment, type CatalogAddress } from './java-options.ts';

/** Values as text, in the order of the columns. */
export type SparkRow = readonly (string | null)[];

/** A Spark in a process of its own, for tests. */
export interface SparkSql {
  readonly version: string;
  /** Runs one statement, also beside others. Rejects with Spark's message and those of its causes. */
  run(sql: string): Promise<readonly SparkRow[]>;
  stop(): Promise<void>;
}

interface Answer {
  readonly id: number;
  readonly rows?: readonly SparkRow[];
  readonly error?: string;
}

/** Starts Spark with the catalogue `octavo` attached; resolves when it takes statements. */
export async function startSparkSql(options: {
  readonly catalog: CatalogAddress;
  /** Spark's own files: `spark-warehouse`, the argument file. */
  readonly workFolder: string;
}): Promise<SparkSql> {
  installSpark();
  mkdirSync(options.workFolder, { recursive: true });
  const argumentFile = join(options.workFolder, 'java.args');
  writeFileSync(argumentFile, javaArguments(join(import.meta.dirname, 'SparkSql.java'), options.catalog), {
    mode: 0o600,
  });
  const child = spawn('java', [...quickStart, `@${argumentFile}`], {
    cwd: options.workFolder,
    env: javaEnvironment(),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let log = '';
  let ended: Error | undefined;
  const waiting = new Map<number, { resolve(answer: Answer): void; reject(error: Error): void }>();
  child.stderr.on('data', (bytes: Buffer) => {
    log = (log + bytes.toString()).slice(-logLengthMax);
  });
  child.stdin.on('error', () => undefined);
  child.once('close', (code) => {
    // The frames say less than the messages between them.
    ended = new Error(`Spark ended with ${code}: ${log.replaceAll(/^\s+at .*\n/gm, '')}`);
    for (const { reject } of waiting.values()) reject(ended);
  });
  createInterface({ input: child.stdout }).on('line', (line) => {
    const answer = JSON.parse(line) as Answer;
    waiting.get(answer.id)?.resolve(answer);
    waiting.delete(answer.id);
  });
  const answerTo = async (id: number): Promise<readonly SparkRow[]> => {
    if (ended !== undefined) throw ended;
    const { rows, error } = await new Promise<Answer>((resolve, reject) => {
      waiting.set(id, { resolve, reject });
    });
    if (error !== undefined) throw new Error(error);
    return rows ?? [];
  };
  const [[version] = []] = await answerTo(0);
  let lastId = 0;
  return {
    version: version ?? '',
    run: (sql) => {
      const id = ++lastId;
      const answer = answerTo(id);
      child.stdin.write(`${JSON.stringify({ id, sql })}\n`);
      return answer;
    },
    stop: async () => {
      if (ended !== undefined) return;
      const closed = once(child, 'close');
      child.stdin.end();
      await closed;
    },
  };
}

const logLengthMax = 20_000;

// A test is over before the better compiler has paid for itself; the simple one alone would get too small a cache.
// What the virtual machine itself says must not come between the answers.
const quickStart = [
  '-XX:TieredStopAtLevel=1',
  '-XX:ReservedCodeCacheSize=240m',
  '-XX:+UseSerialGC',
  '-XX:+DisplayVMOutputToStderr',
];
