import { isAscii, isUtf8 } from 'node:buffer';

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
  /** The bytes, one letter a byte. */
  readonly latin1: string;
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
  // One letter a byte: places in the text are places in the file.
  const text = bytes.toString('latin1');
  const ascii = isAscii(bytes);
  const reader = new RecordReader(bytes, text, ascii, rules);
  let at = 0;
  if (state.inside) {
    const end = text.indexOf('\n');
    if (end < 0) return { records: [], consumed: bytes.length, inside: !state.last, broken: 0, latin1: text };
    at = end + 1;
  }
  return rules.begins === undefined && state.cuts.length === 0
    ? reader.lines(at, state.last)
    : reader.groups(at, { ...state, settled: state.settled || rules.begins === undefined });
}

/** A record that is decoded when it is needed: most are read from their bytes. */
class LineRecord implements SplitRecord {
  readonly start: number;
  readonly end: number;
  readonly cut: boolean;
  readonly #reader: RecordReader;

  constructor(reader: RecordReader, start: number, end: number, cut: boolean) {
    this.#reader = reader;
    this.start = start;
    this.end = end;
    this.cut = cut;
  }

  get text(): string {
    return this.#reader.read(this.start, this.end, true);
  }
}

class RecordReader {
  readonly #bytes: Buffer;
  readonly #text: string;
  readonly #ascii: boolean;
  readonly #rules: SplitRules;
  readonly #records: SplitRecord[] = [];
  #broken = 0;

  constructor(bytes: Buffer, text: string, ascii: boolean, rules: SplitRules) {
    this.#bytes = bytes;
    this.#text = text;
    this.#ascii = ascii;
    this.#rules = rules;
  }

  lines(from: number, last: boolean): Split {
    const text = this.#text;
    let at = from;
    while (at < text.length) {
      const end = text.indexOf('\n', at);
      if (end < 0) return this.#rest(at, last);
      this.#push(at, end);
      at = end + 1;
    }
    return this.#split(at, false);
  }

  groups(
    from: number,
    {
      last,
      settled,
      cuts,
    }: { readonly last: boolean; readonly settled: boolean; readonly cuts: readonly number[] },
  ): Split {
    const { begins = () => true, linesMax, recordBytesMax } = this.#rules;
    const text = this.#text;
    let start = from;
    let at = from;
    let lines = 0;
    while (at < text.length) {
      const cut = cuts.find((one) => one > at);
      let end = text.indexOf('\n', at);
      if (cut !== undefined && cut <= text.length && (end < 0 || cut <= end)) end = cut - 1;
      if (end < 0) break;
      const full = lines >= linesMax || end - start > recordBytesMax;
      if (lines > 0 && (full || begins(this.read(at, end)))) {
        this.#push(start, at);
        start = at;
        lines = 0;
      }
      at = end + 1;
      lines += 1;
      if (cut === at) {
        this.#push(start, at);
        start = at;
        lines = 0;
      }
    }
    if (last && start < text.length) {
      this.#push(start, text.length);
      return this.#split(text.length, false);
    }
    if (settled && lines > 0) {
      this.#push(start, at);
      start = at;
    }
    if (text.length - start > recordBytesMax && at === start) return this.#rest(start, last);
    return this.#split(start, false);
  }

  /** What has no line break yet. */
  #rest(start: number, last: boolean): Split {
    const length = this.#text.length - start;
    const zeros = this.#zeros(start, this.#text.length);
    if (zeros === this.#text.length) return this.#split(zeros, false);
    if (last || length > this.#rules.recordBytesMax) {
      this.#push(start, this.#text.length);
      return this.#split(this.#text.length, !last);
    }
    return this.#split(zeros, false);
  }

  #split(consumed: number, inside: boolean): Split {
    return new ReadRecords(this, consumed, inside);
  }

  get records(): readonly SplitRecord[] {
    return this.#records;
  }

  get broken(): number {
    return this.#broken;
  }

  get latin1(): string {
    return this.#text;
  }

  #push(from: number, to: number): void {
    const start = this.#text.charCodeAt(from) === 0 ? this.#zeros(from, to) : from;
    let end = to;
    while (
      end > start &&
      (this.#text.charCodeAt(end - 1) === carriage || this.#text.charCodeAt(end - 1) === lineFeed)
    )
      end--;
    if (end === start) return;
    const limit = this.#rules.recordBytesMax;
    const cut = end - start > limit;
    this.#records.push(new LineRecord(this, start, cut ? start + limit : end, cut));
  }

  /** Zeros stand where a writer goes on after its file was truncated: they are no part of a line. */
  #zeros(from: number, to: number): number {
    let at = from;
    while (at < to && this.#text.charCodeAt(at) === 0) at++;
    return at;
  }

  read(start: number, end: number, counted = false): string {
    if (this.#ascii) return this.#text.slice(start, end);
    const line = this.#text.slice(start, end);
    if (!beyondAscii.test(line)) return line;
    const bytes = this.#bytes.subarray(start, end);
    const read = this.#rules.decode(bytes);
    if (counted && read.includes('\ufffd') && !(isUtf8(bytes) && bytes.includes('\ufffd'))) this.#broken += 1;
    return read;
  }
}

class ReadRecords implements Split {
  readonly consumed: number;
  readonly inside: boolean;
  readonly #reader: RecordReader;

  constructor(reader: RecordReader, consumed: number, inside: boolean) {
    this.#reader = reader;
    this.consumed = consumed;
    this.inside = inside;
  }

  get records(): readonly SplitRecord[] {
    return this.#reader.records;
  }

  get broken(): number {
    return this.#reader.broken;
  }

  get latin1(): string {
    return this.#reader.latin1;
  }
}

const beyondAscii = /[\x80-\xff]/;
const carriage = 13;
const lineFeed = 10;
