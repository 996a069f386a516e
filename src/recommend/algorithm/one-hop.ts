import { createTopList } from '../top-list.ts';
import { type SparseMatrix, sharedFloat32, sharedInt32 } from '../sparse.ts';

/** Ranges and defaults of the kernel's parameters. */
export const oneHopParameters = {
  /** Exponent that damps readers with a long history. */
  readerDamping: { default: 0.9, min: 0, max: 2, search: [0.2, 1.4] },
  /** Exponent that damps popular targets. */
  popularityDamping: { default: 0.3, min: 0, max: 2, search: [0, 0.9] },
  /** Targets kept for every source item. */
  neighbours: { default: 100, min: 1, max: 1000, search: [20, 400], whole: true },
  /** Readers that two items must have in common. */
  supportMin: { default: 1, min: 1, max: 1000, search: [1, 3], whole: true },
} as const;

/** What the kernel is built with; see `oneHopParameters`. */
export interface OneHopOptions {
  readonly readerDamping: number;
  readonly popularityDamping: number;
  readonly neighbours: number;
  readonly supportMin: number;
  /** Rows sum to one. Off: also divided by `d_i^c`, a symmetric similarity; with a = 0 and c = 1/2 the cosine. */
  readonly normalised: boolean;
}

/** Rows of bounded width, best first: an item's nearest items. */
export interface NeighbourRows {
  readonly width: number;
  /** Entries used of every row. */
  readonly counts: Int32Array;
  /** `rows * width` item numbers. */
  readonly targets: Int32Array;
  readonly weights: Float32Array;
}

/** Empty rows over shared memory. */
export function emptyRows(rowCount: number, width: number): NeighbourRows {
  return {
    width,
    counts: sharedInt32(rowCount),
    targets: sharedInt32(rowCount * width),
    weights: sharedFloat32(rowCount * width),
  };
}

/** What the kernel is built from. */
export interface OneHopInput {
  readonly byReader: SparseMatrix;
  readonly byItem: SparseMatrix;
  /** `degree^-readerDamping` of every reader. */
  readonly readerFactors: Float64Array;
  /** `degree^-popularityDamping` of every item. */
  readonly itemFactors: Float64Array;
}

/**
 * Fills rows `from` to `to` of the one-hop kernel `w_ij = (sum_u x_ui x_uj / d_u^a) / d_j^c`, the best `neighbours` of each row
 * and, unless switched off, every row scaled to sum one. This is RP3beta (Paudel et al., "Updatable, Accurate,
 * Diverse, and Scalable Recommendations for Interactive Applications", ACM TiiS 2017) with an exponent on the
 * reader's degree. Every row is summed in the order of the readers, so its bytes don't depend on who computes it.
 */
export function fillOneHop(
  input: OneHopInput,
  options: Pick<OneHopOptions, 'normalised' | 'supportMin'>,
  rows: NeighbourRows,
  from: number,
  to: number,
): void {
  const { byReader, byItem, readerFactors, itemFactors } = input;
  const { starts, columns, values } = byReader;
  const sums = new Float64Array(byItem.rowCount);
  const support = new Int32Array(options.supportMin > 1 ? byItem.rowCount : 0);
  const touched = new Int32Array(byItem.rowCount);
  const top = createTopList(rows.width);
  for (let item = from; item < to; item++) {
    let touchedCount = 0;
    for (let at = byItem.starts[item]!; at < byItem.starts[item + 1]!; at++) {
      const reader = byItem.columns[at]!;
      const factor = byItem.values[at]! * readerFactors[reader]!;
      for (let other = starts[reader]!, end = starts[reader + 1]!; other < end; other++) {
        const target = columns[other]!;
        if (sums[target] === 0) touched[touchedCount++] = target;
        sums[target]! += factor * values[other]!;
      }
      if (support.length > 0)
        for (let other = starts[reader]!; other < starts[reader + 1]!; other++) support[columns[other]!]!++;
    }
    for (let index = 0; index < touchedCount; index++) {
      const target = touched[index]!;
      const supported = support.length === 0 || support[target]! >= options.supportMin;
      if (target !== item && supported) top.offer(target, sums[target]! * itemFactors[target]!);
      sums[target] = 0;
      if (support.length > 0) support[target] = 0;
    }
    const start = item * rows.width;
    const count = top.drain(rows.targets, rows.weights, start);
    rows.counts[item] = count;
    if (options.normalised) scaleToOne(rows.weights, start, count);
    else for (let slot = start; slot < start + count; slot++) rows.weights[slot]! *= itemFactors[item]!;
  }
}

/** Scales a slice so that it sums to one; an empty slice stays. */
export function scaleToOne(weights: Float32Array, at: number, count: number): void {
  let sum = 0;
  for (let slot = at; slot < at + count; slot++) sum += weights[slot]!;
  if (sum > 0) for (let slot = at; slot < at + count; slot++) weights[slot]! /= sum;
}
