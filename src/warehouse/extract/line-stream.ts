import { Readable } from 'node:stream';
import { linesBytes, type RowLines, type RowLineWriter } from './row-lines.ts';

/** The connection on which a statement's rows arrive. */
export interface RowsConnection {
  pause(): void;
  resume(): void;
  /** Ends it, with whatever still runs on it. */
  cut(): void;
}

/** Lines on their way from a connection to whoever stores them; the connection waits while too many are under way. */
export interface LineStream {
  readonly lines: AsyncIterable<RowLines>;
  /** After each row that the writer got. */
  rowDone(): void;
  end(): void;
  fail(cause: unknown): void;
}

/** Parts that may wait to be stored. */
const partsMax = 4;

/** Makes the way of one statement's rows. Who leaves the lines before their end cuts the connection. */
export function lineStream(writer: RowLineWriter, connection: RowsConnection): LineStream {
  let isEnded = false;
  const parts = new Readable({
    objectMode: true,
    highWaterMark: partsMax,
    read: () => connection.resume(),
    destroy: (cause, done) => {
      if (!isEnded) connection.cut();
      done(cause);
    },
  });
  const pass = (): void => {
    const part = writer.take();
    if (part !== undefined && !parts.push(part)) connection.pause();
  };
  return {
    lines: given(parts, writer),
    rowDone: () => {
      if (writer.sizeBytes >= linesBytes) pass();
    },
    end: () => {
      isEnded = true;
      pass();
      connection.resume();
      parts.push(null);
    },
    fail: (cause) => {
      isEnded = true;
      connection.resume();
      parts.destroy(cause instanceof Error ? cause : new Error(String(cause)));
    },
  };
}

async function* given(parts: Readable, writer: RowLineWriter): AsyncIterable<RowLines> {
  for await (const part of parts as AsyncIterable<RowLines>) {
    yield part;
    writer.giveBack(part);
  }
}
