import { createTopList } from '../top-list.ts';
import { type NeighbourRows, scaleToOne } from './one-hop.ts';

/** Range and default of the second hop's weight. */
export const secondHopParameters = { secondHop: { default: 0.2, min: 0, max: 5, search: [0, 1] } } as const;

/**
 * Fills rows `from` to `to` of the polynomial filter `W + g W^2`, pruned to the width of `rows` and scaled to sum one: a linear low-pass
 * graph filter of order two on the item graph (Park et al., "Turbo-CF: Matrix Decomposition-Free Graph
 * Filtering for Fast Recommendation", SIGIR 2024), here on the pruned, row-normalised kernel instead of the dense
 * one. It adds the titles two steps away, which readers of neighbouring titles have in common.
 */
export function fillSecondHop(
  kernel: NeighbourRows,
  secondHop: number,
  rows: NeighbourRows,
  from: number,
  to: number,
): void {
  const { width, counts, targets, weights } = kernel;
  const sums = new Float64Array(counts.length);
  const touched = new Int32Array(counts.length);
  const top = createTopList(rows.width);
  for (let item = from; item < to; item++) {
    let touchedCount = 0;
    const add = (target: number, weight: number): void => {
      if (sums[target] === 0) touched[touchedCount++] = target;
      sums[target]! += weight;
    };
    for (let slot = item * width, end = slot + counts[item]!; slot < end; slot++) {
      const middle = targets[slot]!;
      add(middle, weights[slot]!);
      const factor = secondHop * weights[slot]!;
      for (let next = middle * width, last = next + counts[middle]!; next < last; next++) {
        add(targets[next]!, factor * weights[next]!);
      }
    }
    for (let index = 0; index < touchedCount; index++) {
      const target = touched[index]!;
      if (target !== item) top.offer(target, sums[target]!);
      sums[target] = 0;
    }
    const count = top.drain(rows.targets, rows.weights, item * rows.width);
    rows.counts[item] = count;
    scaleToOne(rows.weights, item * rows.width, count);
  }
}
