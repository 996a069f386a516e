import { isAscii, isUtf8 } from 'node:buffer';
import type { Split, SplitRecord, SplitRules } from './split-lines.ts';

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

/** Finds the records of some bytes. */
export class RecordReader {
  readonly #bytes: Buffer;
  readonly #ascii: boolean;
  readonly #rules: SplitRules;
  readonly #records: SplitRecord[] = [];
  #broken = 0;

  constructor(bytes: Buffer, rules: SplitRules) {
    this.#bytes = bytes;
    this.#ascii = isAscii(bytes);
    this.#rules = rules;
  }

  /** Every line is a record. */
  lines(from: number, last: boolean): Split {
    const bytes = this.#bytes;
    let at = from;
    while (at < bytes.length) {
      const end = bytes.indexOf(lineFeed, at);
      if (end < 0) return this.#rest(at, last);
      this.#push(at, end);
      at = end + 1;
    }
    return this.#split(at, false);
  }

  /** A record may have several lines. */
  groups(
    from: number,
    {
      last,
      settled,
      cuts,
    }: { readonly last: boolean; readonly settled: boolean; readonly cuts: readonly number[] },
  ): Split {
    const { begins = () => true, linesMax, recordBytesMax } = this.#rules;
    const bytes = this.#bytes;
    let start = from;
    let at = from;
    let lines = 0;
    while (at < bytes.length) {
      const cut = cuts.find((one) => one > at);
      let end = bytes.indexOf(lineFeed, at);
      if (cut !== undefined && cut <= bytes.length && (end < 0 || cut <= end)) end = cut - 1;
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
    if (last && start < bytes.length) {
      this.#push(start, bytes.length);
      return this.#split(bytes.length, false);
    }
    if (settled && lines > 0) {
      this.#push(start, at);
      start = at;
    }
    if (bytes.length - start > recordBytesMax && at === start) return this.#rest(start, last);
    return this.#split(start, false);
  }

  /** What has no line break yet. */
  #rest(start: number, last: boolean): Split {
    const { length } = this.#bytes;
    const zeros = this.#zeros(start, length);
    if (zeros === length) return this.#split(zeros, false);
    if (last || length - start > this.#rules.recordBytesMax) {
      this.#push(start, length);
      return this.#split(length, !last);
    }
    return this.#split(zeros, false);
  }

  #split(consumed: number, inside: boolean): Split {
    const broken = (): number => this.#broken;
    return {
      records: this.#records,
      consumed,
      inside,
      get broken() {
        return broken();
      },
    };
  }

  #push(from: number, to: number): void {
    const bytes = this.#bytes;
    const start = bytes[from] === 0 ? this.#zeros(from, to) : from;
    let end = to;
    while (end > start && (bytes[end - 1] === carriage || bytes[end - 1] === lineFeed)) end--;
    if (end === start) return;
    const limit = this.#rules.recordBytesMax;
    const cut = end - start > limit;
    this.#records.push(new LineRecord(this, start, cut ? start + limit : end, cut));
  }

  /** Zeros stand where a writer goes on after its file was truncated: they are no part of a line. */
  #zeros(from: number, to: number): number {
    let at = from;
    while (at < to && this.#bytes[at] === 0) at++;
    return at;
  }

  /** The text of some bytes. */
  read(start: number, end: number, counted = false): string {
    const line = this.#bytes.toString('latin1', start, end);
    if (this.#ascii || !beyondAscii.test(line)) return line;
    const bytes = this.#bytes.subarray(start, end);
    const read = this.#rules.decode(bytes);
    if (counted && read.includes('\ufffd') && !(isUtf8(bytes) && bytes.includes('\ufffd'))) this.#broken += 1;
    return read;
  }
}

const beyondAscii = /[\x80-\xff]/;
const carriage = 13;
const lineFeed = 10;
