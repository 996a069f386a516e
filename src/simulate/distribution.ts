import type { Random } from '../base/index.ts';

/** A count with the given mean: Knuth's product method below 30, the rounded normal above. */
export function poisson(random: Random, mean: number): number {
  if (mean <= 0) return 0;
  if (mean > 30) return Math.max(0, Math.round(mean + Math.sqrt(mean) * random.normal()));
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = random.next(); product > limit; product *= random.next()) count++;
  return count;
}

/** True with the given probability. */
export function chance(random: Random, probability: number): boolean {
  return random.next() < probability;
}

/** Uniform between two numbers. */
export function between(random: Random, from: number, to: number): number {
  return from + (to - from) * random.next();
}

/** Exponential with the given mean. */
export function exponential(random: Random, mean: number): number {
  return -mean * Math.log(1 - random.next());
}

/** A number in [0, 1) that depends only on three integers (a mix of Murmur's finaliser). */
export function unitHash(a: number, b: number, c = 0): number {
  let z =
    (Math.imul(a + 0x9e3779b9, 0x85ebca6b) ^
      Math.imul(b + 0x7f4a7c15, 0xc2b2ae35) ^
      Math.imul(c + 0x165667b1, 0x27d4eb2f)) >>>
    0;
  z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
  z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
  return ((z ^ (z >>> 16)) >>> 0) / 2 ** 32;
}
