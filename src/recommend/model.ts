import { emptyRows, type NeighbourRows, type OneHopOptions } from './algorithm/one-hop.ts';
import { countPopularity, popularOrder } from './algorithm/popularity.ts';
import type { ReaderHistory } from './interactions.ts';
import { runJob } from './parallel.ts';
import { emptyLists, type PersonalLists } from './score.ts';
import type { SeriesIndex } from './series.ts';
import { rowSums, transpose } from './sparse.ts';

/** Where the work is done. */
export interface WorkOptions {
  /** Worker threads; 0: in this thread. */
  readonly threads: number;
  readonly signal?: AbortSignal;
}

/** Builds the kernel of the graph filter, or of similar items, from a history. */
export async function buildKernel(
  history: ReaderHistory,
  options: OneHopOptions & { readonly secondHop: number },
  work: WorkOptions,
): Promise<NeighbourRows> {
  const byReader = history.signal;
  const byItem = transpose(byReader);
  const damp = (sums: Float64Array, exponent: number): Float64Array =>
    sums.map((sum) => (sum > 0 ? sum ** -exponent : 0));
  const input = {
    byReader,
    byItem,
    readerFactors: damp(rowSums(byReader), options.readerDamping),
    itemFactors: damp(rowSums(byItem), options.popularityDamping),
  };
  const rows = emptyRows(byItem.rowCount, options.neighbours);
  await runJob({ kind: 'one-hop', input, options, rows }, byItem.rowCount, work.threads, work.signal);
  if (options.secondHop === 0) return rows;
  const wide = emptyRows(byItem.rowCount, options.neighbours);
  await runJob(
    { kind: 'second-hop', kernel: rows, secondHop: options.secondHop, rows: wide },
    byItem.rowCount,
    work.threads,
    work.signal,
  );
  return wide;
}

/** What lists are made of. */
export interface ListOptions {
  readonly size: number;
  readonly allowed: Uint8Array;
  readonly series: SeriesIndex;
  readonly nextVolumeWeight: number;
  /** Day number that the popularity window ends with. */
  readonly day: number;
  readonly windowDays: number;
}

/** A list for every reader. Without a kernel it is the popular list without what the reader has. */
export async function buildLists(
  history: ReaderHistory,
  kernel: NeighbourRows | undefined,
  options: ListOptions,
  work: WorkOptions,
): Promise<PersonalLists> {
  const { known, signal } = history;
  const popular = popularOrder(countPopularity(history, options.day, options.windowDays));
  const lists = emptyLists(known.rowCount, options.size);
  const input = {
    known,
    signal,
    kernel: kernel ?? emptyRows(known.columnCount, 0),
    allowed: options.allowed,
    series: options.series,
    nextVolumeWeight: kernel === undefined ? 0 : options.nextVolumeWeight,
    popular,
  };
  await runJob({ kind: 'lists', input, lists }, known.rowCount, work.threads, work.signal);
  return lists;
}
