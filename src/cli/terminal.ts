import { cutText } from './table-text.ts';

/** Where a command writes; a test passes its own. */
export interface Terminal {
  /** The answer itself. */
  readonly out: (text: string) => void;
  /** Notices and errors. */
  readonly err: (text: string) => void;
  /** Shows a line below everything else, which the next one replaces; undefined takes it away. */
  readonly status: (line: string | undefined) => void;
  /** Whether `status` shows anything. */
  readonly interactive: boolean;
  /** Columns that tables are fitted to; undefined when the answer goes to a file or a pipe, where nothing is cut. */
  readonly width: number | undefined;
}

/** What of a stream a terminal needs. */
export interface TerminalStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const columnsDefault = 80;
const clearLine = '\r\u001b[2K';

/**
 * A terminal over two streams. Whatever is written while a status line is shown is put above it, also what goes to the
 * other stream when both are the same screen.
 */
export function createTerminal(options: {
  readonly out: TerminalStream;
  readonly err: TerminalStream;
  readonly environment: Readonly<Record<string, string | undefined>>;
}): Terminal {
  const { out, err, environment } = options;
  const interactive = err.isTTY === true && environment['TERM'] !== 'dumb';
  let shown: string | undefined;
  const draw = (line: string | undefined): void => {
    if (line === undefined) {
      if (shown !== undefined) err.write(clearLine);
    } else err.write(clearLine + line);
    shown = line;
  };
  const above = (stream: TerminalStream, text: string): void => {
    const line = shown;
    if (line === undefined || stream.isTTY !== true) {
      stream.write(`${text}\n`);
      return;
    }
    draw(undefined);
    stream.write(`${text}\n`);
    draw(line);
  };
  return {
    out: (text) => above(out, text),
    err: (text) => above(err, text),
    status: (line) => {
      if (interactive)
        draw(line === undefined ? undefined : cutText(line, (err.columns ?? columnsDefault) - 1));
    },
    interactive,
    width: out.isTTY === true ? (out.columns ?? columnsDefault) : undefined,
  };
}

/** The process's own terminal. */
export function processTerminal(environment: Readonly<Record<string, string | undefined>>): Terminal {
  return createTerminal({ out: process.stdout, err: process.stderr, environment });
}
