import { RecordReader } from './record-reader.ts';

/** How a file's bytes become records. */
export interface SplitRules {
  /** Longer records are cut there and counted. */
  readonly recordBytesMax: number;
  /** Whether a line begins a record; every line does when absent. */
  readonly begins?: ((line: string) => boolean) | undefined;
  /** Most lines of one record. */
  readonly linesMax: number;
  /** Bytes that are no ASCII are read so. */
  readonly decode: (bytes: Uint8Array) => string;
}

/** A record and where it lies, counted from the beginning of the bytes. */
export interface SplitRecord {
  /** Decoded when it is asked for, which should be once. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** It was longer than allowed. */
  readonly cut: boolean;
}

/** What was found in some bytes of a file. */
export interface Split {
  readonly records: readonly SplitRecord[];
  /** Bytes that are done with: the next read goes on there. */
  readonly consumed: number;
  /** The bytes end inside of a record that was cut: what follows up to its line break is left out. */
  readonly inside: boolean;
  /** Records, of those whose text was asked for, with bytes that are no letters of the encoding. */
  readonly broken: number;
}

/**
 * Splits bytes into records. A record that may go on after the end of the bytes is left for the next read; nothing is kept
 * between calls, so that a crash changes nothing.
 *
 * `inside`: the bytes begin inside of a record that was cut. `last`: nothing follows, so the last record is whole, with or without
 * its line break. `settled`: whole lines at the end are a whole record. `cuts`: places at which a record was declared whole before,
 * and so must end again.
 */
export function splitLines(
  bytes: Buffer,
  rules: SplitRules,
  state: {
    readonly inside: boolean;
    readonly last: boolean;
    readonly settled: boolean;
    readonly cuts: readonly number[];
  },
): Split {
  const reader = new RecordReader(bytes, rules);
  let at = 0;
  if (state.inside) {
    const end = bytes.indexOf(lineFeed);
    if (end < 0) return { records: [], consumed: bytes.length, inside: !state.last, broken: 0 };
    at = end + 1;
  }
  return rules.begins === undefined && state.cuts.length === 0
    ? reader.lines(at, state.last)
    : reader.groups(at, { ...state, settled: state.settled || rules.begins === undefined });
}

const lineFeed = 10;
