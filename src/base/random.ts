/** A seeded source of pseudo-random numbers; the same seed gives the same numbers on every machine. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform integer in [0, bound). */
  below(bound: number): number;
  /** One element, uniformly. The list must not be empty. */
  pick<T>(list: readonly T[]): T;
  /** Normal with mean 0 and deviation 1. */
  normal(): number;
  /** An independent source, determined by this seed and the name. */
  fork(name: string): Random;
}

/** SplitMix32-seeded xoshiro128** (Blackman and Vigna, 2018). */
export function seededRandom(seed: number | string): Random {
  const start = typeof seed === 'number' ? seed : hashText(seed);
  let state = start >>> 0;
  const split = (): number => {
    state = (state + 0x9e3779b9) >>> 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
    return (z ^ (z >>> 16)) >>> 0;
  };
  let [a, b, c, d] = [split(), split(), split(), split()];
  const bits = (): number => {
    const scrambled = Math.imul(b, 5);
    const result = Math.imul((scrambled << 7) | (scrambled >>> 25), 9) >>> 0;
    const t = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = (d << 11) | (d >>> 21);
    return result;
  };
  const next = (): number => (bits() * 0x200000 + (bits() >>> 11)) / 2 ** 53;
  return {
    next,
    below: (bound) => Math.floor(next() * bound),
    pick: (list) => {
      const chosen = list[Math.floor(next() * list.length)];
      if (chosen === undefined) throw new RangeError('pick from an empty list');
      return chosen;
    },
    normal: () => {
      const radius = Math.sqrt(-2 * Math.log(1 - next()));
      return radius * Math.cos(2 * Math.PI * next());
    },
    fork: (name) => seededRandom((hashText(name) ^ Math.imul(start, 0x9e3779b1)) >>> 0),
  };
}

/** FNV-1a, 32 bits. */
function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
