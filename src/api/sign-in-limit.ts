import { OctavoError, type Clock } from '../base/index.ts';

/** Slows down whoever guesses passwords, by name and by address. Kept in memory: a restart forgives. */
export interface SignInLimit {
  /** Errors: `sign_in_limited`, with the seconds to wait. */
  assertAllowed(name: string, address: string): void;
  failed(name: string, address: string): void;
  succeeded(name: string, address: string): void;
}

interface Bucket {
  /** Failures that still count, and when that was. */
  count: number;
  atMs: number;
}

/** So many failures at once, and one more after each pause. */
const rules = {
  /** One name from one address: somebody who mistypes. */
  both: { failuresMax: 8, pauseMs: 30_000 },
  /** One address: somebody who tries names. */
  address: { failuresMax: 40, pauseMs: 10_000 },
  /** One name from everywhere. */
  name: { failuresMax: 100, pauseMs: 5_000 },
} as const;
const bucketsMax = 20_000;

/** Makes the limit. */
export function createSignInLimit(clock: Clock): SignInLimit {
  const buckets = new Map<string, Bucket>();
  const keysOf = (name: string, address: string): readonly (readonly [keyof typeof rules, string])[] => {
    const known = name.toLowerCase();
    return [
      ['both', `both ${known} ${address}`],
      ['address', `address ${address}`],
      ['name', `name ${known}`],
    ];
  };
  const countOf = (rule: keyof typeof rules, key: string): number => {
    const bucket = buckets.get(key);
    if (bucket === undefined) return 0;
    return Math.max(0, bucket.count - Math.max(0, clock.now() - bucket.atMs) / rules[rule].pauseMs);
  };
  return {
    assertAllowed: (name, address) => {
      for (const [rule, key] of keysOf(name, address)) {
        const over = countOf(rule, key) - (rules[rule].failuresMax - 1);
        if (over <= 0) continue;
        const waitSeconds = Math.ceil((over * rules[rule].pauseMs) / 1000);
        throw new OctavoError('sign_in_limited', `again in ${waitSeconds} seconds`, {
          details: { retry_after_seconds: waitSeconds },
        });
      }
    },
    failed: (name, address) => {
      for (const [rule, key] of keysOf(name, address)) {
        const count = countOf(rule, key) + 1;
        buckets.delete(key);
        buckets.set(key, { count, atMs: clock.now() });
      }
      for (const key of buckets.keys()) {
        if (buckets.size <= bucketsMax) break;
        buckets.delete(key);
      }
    },
    succeeded: (name, address) => {
      buckets.delete(`both ${name.toLowerCase()} ${address}`);
    },
  };
}
