import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { OctavoError } from '../../base/index.ts';
import type { ResultColumn, SqlValue } from '../engine-port.ts';
import { engineError } from './engine-error.ts';
import type { ColumnChunk, DuckdbRequest, DuckdbSetup, FromChild } from './protocol.ts';

/** What one request brought back. */
export interface DuckdbReply {
  readonly columns: readonly ResultColumn[];
  readonly rows: readonly (readonly SqlValue[])[];
  readonly chunks: readonly ColumnChunk[];
  readonly rowCount: number;
  readonly truncated: boolean;
  readonly statements: readonly string[];
}

/** When a request is to stop by itself. */
export interface RequestLimits {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

const killGraceMs = 2_000;
const childFile = fileURLToPath(new URL('child.ts', import.meta.url));

/**
 * One DuckDB in a process of its own. Requests run one after another. A request that runs too long is
 * interrupted, and when that does not help within two seconds the process is killed; a process that
 * died fails its requests with `engine_died` and is of no further use.
 */
export class DuckdbProcess {
  readonly #child: ChildProcess;
  readonly #pending = new Map<number, Pending>();
  #nextId = 1;
  #dead = false;
  #closing = false;

  constructor(setup: DuckdbSetup) {
    this.#child = fork(childFile, [JSON.stringify(setup)], {
      serialization: 'advanced',
      execArgv: ['--disable-warning=ExperimentalWarning'],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.#child.on('message', (message) => this.#receive(message as FromChild));
    this.#child.on('error', () => this.#buried('could not be started'));
    this.#child.on('exit', (code, signal) => this.#buried(signal ?? `exit code ${code}`));
    this.#hold(false);
  }

  get alive(): boolean {
    return !this.#dead;
  }

  /** The process id, for tests that kill it. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Asks for one thing and waits. Errors: those of the engine port. */
  async request(request: DuckdbRequest, limits: RequestLimits): Promise<DuckdbReply> {
    if (this.#dead) throw new OctavoError('engine_died', 'it is gone already');
    limits.signal?.throwIfAborted();
    const id = this.#nextId++;
    const { promise, resolve, reject } = Promise.withResolvers<DuckdbReply>();
    const pending: Pending = { rows: [], chunks: [], resolve, reject, stopped: undefined };
    this.#pending.set(id, pending);
    this.#hold(true);
    let killTimer: NodeJS.Timeout | undefined;
    const stop = (why: OctavoError): void => {
      if (pending.stopped !== undefined) return;
      pending.stopped = why;
      this.#send({ interrupt: id });
      killTimer = setTimeout(() => this.kill(), killGraceMs);
    };
    const timer = setTimeout(
      () => stop(new OctavoError('query_timeout', `after ${limits.timeoutMs} ms`)),
      limits.timeoutMs,
    );
    const onAbort = (): void =>
      stop(new OctavoError('cancelled', 'a query was stopped', { cause: limits.signal?.reason }));
    limits.signal?.addEventListener('abort', onAbort, { once: true });
    try {
      this.#send({ id, request });
      return await promise;
    } finally {
      clearTimeout(timer);
      clearTimeout(killTimer);
      limits.signal?.removeEventListener('abort', onAbort);
      this.#pending.delete(id);
      if (this.#pending.size === 0) this.#hold(false);
    }
  }

  /** Ends the process at once; what it was doing fails with `engine_died`. */
  kill(): void {
    this.#child.kill('SIGKILL');
  }

  /** Ends the process and waits until it is gone. */
  async close(): Promise<void> {
    if (this.#dead) return;
    const gone = new Promise<void>((resolve) => this.#child.once('exit', () => resolve()));
    this.#hold(true);
    this.#closing = true;
    this.kill();
    await gone;
  }

  #receive(message: FromChild): void {
    const pending = this.#pending.get(message.id);
    if (pending === undefined) return;
    if ('part' in message) {
      for (const row of message.part.rows ?? []) pending.rows.push(row);
      if (message.part.columns !== undefined) pending.chunks.push(message.part.columns);
    } else if ('failed' in message) {
      pending.reject(pending.stopped ?? engineError(message.failed.message));
    } else {
      const { rows, chunks } = pending;
      pending.resolve({ rows, chunks, statements: [], ...message.done });
    }
  }

  #send(message: Parameters<ChildProcess['send']>[0]): void {
    this.#child.send(message, (error) => {
      if (error !== null && error !== undefined) this.#buried(error.message);
    });
  }

  #buried(how: string): void {
    this.#dead = true;
    const error = new OctavoError('engine_died', `the DuckDB process ended (${how})`);
    for (const pending of this.#pending.values()) pending.reject(pending.stopped ?? error);
  }

  /** An idle process must not keep the platform running. */
  #hold(busy: boolean): void {
    // Whoever closes it waits for its end, also when the last request ends in between.
    if (this.#closing) return;
    if (busy) {
      this.#child.ref();
      this.#child.channel?.ref();
    } else {
      this.#child.unref();
      this.#child.channel?.unref();
    }
  }
}

interface Pending {
  readonly rows: (readonly SqlValue[])[];
  readonly chunks: ColumnChunk[];
  readonly resolve: (reply: DuckdbReply) => void;
  readonly reject: (error: OctavoError) => void;
  stopped: OctavoError | undefined;
}
