import type { Random } from '../base/index.ts';

/** Draws indexes in proportion to weights, in logarithmic time. */
export interface Picker {
  /** Sum of the weights; 0 when nothing can be drawn. */
  readonly total: number;
  readonly length: number;
  /** An index in proportion to its weight. The total must be positive. */
  pick(random: Random): number;
}

/** @param weights - non-negative; copied, so the list may change afterwards */
export function createPicker(weights: ArrayLike<number>): Picker {
  const cumulative = new Float64Array(weights.length);
  let total = 0;
  for (let index = 0; index < weights.length; index++) {
    total += weights[index] ?? 0;
    cumulative[index] = total;
  }
  return {
    total,
    length: weights.length,
    pick: (random) => {
      const wanted = random.next() * total;
      let low = 0;
      let high = weights.length - 1;
      while (low < high) {
        const middle = (low + high) >>> 1;
        if ((cumulative[middle] ?? 0) > wanted) high = middle;
        else low = middle + 1;
      }
      return low;
    },
  };
}
