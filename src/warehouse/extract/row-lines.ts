import { isUtf8 } from 'node:buffer';
import type { TextRow } from './database-port.ts';

/** Rows as the engine reads them, until the next are asked for: a line each, values in quotes with `""` for a quote, commas between them, `\N` for null. */
export interface RowLines {
  readonly bytes: Buffer;
  readonly rowCount: number;
  /** Bytes of the longest line. */
  readonly longestBytes: number;
  /** Where the last line begins. */
  readonly lastAt: number;
}

/** So many bytes of lines are handed on at once. */
export const linesBytes = 256 * 1024;

const bufferBytes = 2 * linesBytes;
const [quote, comma, newline] = [0x22, 0x2c, 0x0a];
/** Longer values are searched and copied by the runtime, shorter ones here. */
const shortBytes = 128;

/** Makes lines of rows, in one buffer that grows with them. */
export class RowLineWriter {
  #buffer: Buffer = Buffer.allocUnsafe(bufferBytes);
  #spare: Buffer | undefined;
  #at = 0;
  #lineAt = 0;
  #lastAt = 0;
  #rowCount = 0;
  #longest = 0;

  /** Bytes of whole lines that wait to be taken. */
  get sizeBytes(): number {
    return this.#lineAt;
  }

  /** A value of the row, which is UTF-8. */
  value(source: Uint8Array, from: number, to: number): void {
    this.#room(2 * (to - from) + 3);
    const buffer = this.#buffer;
    let at = this.#begin();
    buffer[at++] = quote;
    if (to - from > shortBytes && source.subarray(from, to).indexOf(quote) < 0) {
      buffer.set(source.subarray(from, to), at);
      at += to - from;
    } else {
      for (let index = from; index < to; index++) {
        const byte = source[index] as number;
        if (byte === quote) buffer[at++] = quote;
        buffer[at++] = byte;
      }
    }
    buffer[at++] = quote;
    this.#at = at;
  }

  /** A null of the row. */
  none(): void {
    this.#room(3);
    let at = this.#begin();
    this.#buffer[at++] = 0x5c;
    this.#buffer[at++] = 0x4e;
    this.#at = at;
  }

  endRow(): void {
    this.#room(1);
    this.#buffer[this.#at++] = newline;
    this.#endLine();
  }

  /** A line that is written already, with its end. */
  line(bytes: Uint8Array): void {
    this.#room(bytes.length);
    this.#buffer.set(bytes, this.#at);
    this.#at += bytes.length;
    this.#endLine();
  }

  row(row: TextRow): void {
    let text = '';
    for (const value of row)
      text += `${text === '' ? '' : ','}${value === null ? String.raw`\N` : `"${value.replaceAll('"', '""')}"`}`;
    this.line(Buffer.from(`${text}\n`));
  }

  /** The lines since the last time; undefined when there are none. What is no UTF-8 becomes U+FFFD. */
  take(): RowLines | undefined {
    if (this.#rowCount === 0) return undefined;
    const bytes = this.#buffer.subarray(0, this.#at);
    const taken = { rowCount: this.#rowCount, longestBytes: this.#longest };
    const last = this.#lastAt;
    this.#buffer = this.#spare ?? Buffer.allocUnsafe(bufferBytes);
    this.#spare = undefined;
    [this.#at, this.#lineAt, this.#lastAt, this.#rowCount, this.#longest] = [0, 0, 0, 0, 0];
    if (isUtf8(bytes)) return { ...taken, bytes, lastAt: last };
    const lastLine = Buffer.from(bytes.toString('utf8', last));
    const mended = Buffer.concat([Buffer.from(bytes.toString('utf8', 0, last)), lastLine]);
    // A byte becomes three at most.
    return {
      ...taken,
      bytes: mended,
      longestBytes: 3 * taken.longestBytes,
      lastAt: mended.length - lastLine.length,
    };
  }

  /** Lines that nobody needs any more: their memory is written again. */
  giveBack({ bytes }: RowLines): void {
    if (bytes.buffer.byteLength === bufferBytes) this.#spare = Buffer.from(bytes.buffer as ArrayBuffer);
  }

  #begin(): number {
    if (this.#at > this.#lineAt) this.#buffer[this.#at++] = comma;
    return this.#at;
  }

  #endLine(): void {
    if (this.#at - this.#lineAt > this.#longest) this.#longest = this.#at - this.#lineAt;
    this.#lastAt = this.#lineAt;
    this.#lineAt = this.#at;
    this.#rowCount += 1;
  }

  #room(bytes: number): void {
    if (this.#at + bytes <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(2 * this.#buffer.length, this.#at + bytes));
    this.#buffer.copy(larger, 0, 0, this.#at);
    this.#buffer = larger;
  }
}

/** Rows as lines. */
export function linesOf(rows: readonly TextRow[]): RowLines | undefined {
  const writer = new RowLineWriter();
  for (const row of rows) writer.row(row);
  return writer.take();
}

/** The last row of the lines. */
export function lastRow({ bytes, lastAt }: RowLines): TextRow {
  const line = bytes.toString('utf8', lastAt, bytes.length - 1);
  const row: (string | null)[] = [];
  for (let at = 0; at < line.length;) {
    if (line[at] !== '"') {
      row.push(null);
      at = line.indexOf(',', at) + 1 || line.length;
      continue;
    }
    let end = line.indexOf('"', at + 1);
    while (line[end + 1] === '"') end = line.indexOf('"', end + 2);
    row.push(line.slice(at + 1, end).replaceAll('""', '"'));
    at = end + 2;
  }
  return row;
}
