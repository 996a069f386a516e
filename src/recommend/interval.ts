import { seededRandom } from '../base/index.ts';

/** A mean over readers with its 95 % bootstrap interval. */
export interface Interval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Percentile bootstrap over readers (Efron and Tibshirani, "An Introduction to the Bootstrap", 1993), the same draws every time.
 * Of differences reader by reader it is the paired bootstrap.
 */
export function intervalOf(values: ArrayLike<number>): Interval {
  if (values.length === 0) return { mean: 0, low: 0, high: 0 };
  const random = seededRandom('bootstrap');
  const means = Float64Array.from({ length: resamples }, () => {
    let sum = 0;
    for (let draw = 0; draw < values.length; draw++) sum += values[random.below(values.length)]!;
    return sum / values.length;
  }).sort();
  let sum = 0;
  for (let index = 0; index < values.length; index++) sum += values[index]!;
  return {
    mean: sum / values.length,
    low: means[Math.floor(resamples * 0.025)]!,
    high: means[Math.ceil(resamples * 0.975) - 1]!,
  };
}

/** How often readers are drawn anew. */
export const resamples = 500;
