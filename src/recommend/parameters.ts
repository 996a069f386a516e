import { oneHopParameters } from './algorithm/one-hop.ts';
import { popularityParameters } from './algorithm/popularity.ts';
import { secondHopParameters } from './algorithm/second-hop.ts';

/** What lists can be made by. */
export const algorithms = ['graph-filter', 'item-to-item', 'popularity'] as const;
export type Algorithm = (typeof algorithms)[number];

/** What a parameter may be. */
export interface ParameterRange {
  readonly default: number;
  readonly min: number;
  readonly max: number;
  /** Where a search looks for a better value. */
  readonly search: readonly [from: number, to: number];
  /** Only whole numbers. */
  readonly whole?: true;
}

/** Parameters of every algorithm. */
export const algorithmParameters = {
  'graph-filter': {
    ...oneHopParameters,
    ...secondHopParameters,
    /** Weight of the edge from a volume that a reader has to the next one. */
    nextVolumeWeight: { default: 0.1, min: 0, max: 10, search: [0, 1] },
    ...popularityParameters,
  },
  'item-to-item': {
    ...oneHopParameters,
    readerDamping: { ...oneHopParameters.readerDamping, default: 0.5 },
    popularityDamping: { ...oneHopParameters.popularityDamping, default: 0.5 },
    supportMin: { ...oneHopParameters.supportMin, default: 2 },
  },
  popularity: popularityParameters,
} as const satisfies Record<Algorithm, Record<string, ParameterRange>>;
