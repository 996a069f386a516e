import type { Random } from '../../../base/index.ts';
import { turnsMax } from './log-world.fixture.ts';
import type { Network } from './receiver.fixture.ts';

/** What the writer of a log, its rotation, its agent, the network or the machine does. */
export type Operation =
  | { readonly do: 'write'; readonly lines: number; readonly wide: boolean }
  | { readonly do: 'rotate' | 'truncate' | 'step' | 'drain' | 'kill' | 'wait' }
  | { readonly do: 'rename'; readonly turn: number; readonly away: boolean }
  | { readonly do: 'renew'; readonly lines: number; readonly look: boolean; readonly away: boolean }
  | { readonly do: 'copytruncate'; readonly between: number }
  | { readonly do: 'compress' | 'delete'; readonly turn: number }
  | { readonly do: 'network'; readonly state: Network }
  | { readonly do: 'crash'; readonly afterWrites: number };

/** A life of 5 to 40 operations. */
export function randomOperations(random: Random): readonly Operation[] {
  const turn = (): number => 1 + random.below(turnsMax);
  const one = (): Operation => {
    const roll = random.below(100);
    if (roll < 30) return { do: 'write', lines: random.pick([1, 1, 2, 5, 40]), wide: random.below(3) === 0 };
    if (roll < 50) return { do: 'step' };
    if (roll < 52)
      return {
        do: 'renew',
        lines: random.pick([0, 1, 1, 3]),
        look: random.below(3) > 0,
        away: random.below(2) === 0,
      };
    if (roll < 58) return { do: 'drain' };
    if (roll < 65) return { do: 'rotate' };
    if (roll < 67) return { do: 'truncate' };
    if (roll < 69) return { do: 'rename', turn: turn(), away: random.below(3) === 0 };
    if (roll < 73) return { do: 'copytruncate', between: random.pick([0, 0, 1, 3]) };
    if (roll < 79) return { do: 'compress', turn: turn() };
    if (roll < 83) return { do: 'delete', turn: turn() };
    if (roll < 90) return { do: 'kill' };
    if (roll < 93) return { do: 'crash', afterWrites: 1 + random.below(4) };
    if (roll < 95) return { do: 'wait' };
    return { do: 'network', state: random.pick(['good', 'good', 'lost', 'away'] as const) };
  };
  return Array.from({ length: 5 + random.below(36) }, one);
}
