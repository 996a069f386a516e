import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { fillOneHop, type NeighbourRows, type OneHopInput, type OneHopOptions } from './algorithm/one-hop.ts';
import { fillSecondHop } from './algorithm/second-hop.ts';
import { fillLists, type PersonalLists, type ScoreInput } from './score.ts';

/** Work on independent rows whose results lie in shared memory. */
export type RowJob =
  | {
      readonly kind: 'one-hop';
      readonly input: OneHopInput;
      readonly options: OneHopOptions;
      readonly rows: NeighbourRows;
    }
  | {
      readonly kind: 'second-hop';
      readonly kernel: NeighbourRows;
      readonly secondHop: number;
      readonly rows: NeighbourRows;
    }
  | { readonly kind: 'lists'; readonly input: ScoreInput; readonly lists: PersonalLists };

/** What a worker thread is started with. */
export interface WorkerInput {
  readonly job: RowJob;
  readonly rowCount: number;
  /** The next row that nobody has taken, in shared memory. */
  readonly cursor: Int32Array;
}

/** Does rows `from` to `to`. */
export function runRows(job: RowJob, from: number, to: number): void {
  if (job.kind === 'one-hop') fillOneHop(job.input, job.options, job.rows, from, to);
  else if (job.kind === 'second-hop') fillSecondHop(job.kernel, job.secondHop, job.rows, from, to);
  else fillLists(job.input, job.lists, from, to);
}

/** Takes chunks until none is left. */
export function takeChunks({ job, rowCount, cursor }: WorkerInput): void {
  for (;;) {
    const from = Atomics.add(cursor, 0, chunkRows);
    if (from >= rowCount) return;
    runRows(job, from, Math.min(from + chunkRows, rowCount));
  }
}

/**
 * Does all rows in `threads` worker threads, or in this thread when it is 0. Every row is computed by one thread alone, so
 * the result does not depend on their number.
 */
export async function runJob(
  job: RowJob,
  rowCount: number,
  threads: number,
  signal?: AbortSignal,
): Promise<void> {
  const cursor = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const workerData: WorkerInput = { job, rowCount, cursor };
  if (threads === 0 || rowCount === 0) return takeChunks(workerData);
  const workers = Array.from(
    { length: threads },
    () => new Worker(new URL('./worker.ts', import.meta.url), { workerData }),
  );
  try {
    await Promise.all(workers.map((worker) => once(worker, 'exit', signal === undefined ? {} : { signal })));
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

const chunkRows = 256;
