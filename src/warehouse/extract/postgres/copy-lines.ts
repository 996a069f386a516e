import type { Client, Connection, Submittable } from 'pg';
import type { RowLines } from '../row-lines.ts';
import { RowLineWriter } from '../row-lines.ts';
import { lineStream } from '../line-stream.ts';

/**
 * The rows of a statement by COPY, a line each as the server writes it: the server sends one message a row. Who
 * leaves early ends the connection.
 */
export function copyLines(client: Client, sql: string): AsyncIterable<RowLines> {
  const { connection } = client as unknown as { readonly connection: Connection };
  const writer = new RowLineWriter();
  const way = lineStream(writer, {
    pause: () => connection.stream.pause(),
    resume: () => connection.stream.resume(),
    cut: () => connection.stream.destroy(),
  });
  const text = `copy (${sql}) to stdout with (format csv, null E'\\\\N', force_quote *, encoding 'UTF8')`;
  let failure: unknown;
  const copy: Submittable & CopyHandlers = {
    submit: (to) => to.query(text),
    handleCopyData: ({ chunk }) => {
      writer.line(chunk);
      way.rowDone();
    },
    handleCommandComplete: () => undefined,
    handleError: (cause) => {
      failure = cause;
      // After a lost connection nothing else will be said.
      way.fail(cause);
    },
    handleReadyForQuery: () => {
      if (failure === undefined) way.end();
    },
  };
  client.query(copy);
  return way.lines;
}

/** What the driver calls of a statement while its answer arrives. */
interface CopyHandlers {
  handleCopyData(message: { readonly chunk: Buffer }): void;
  handleCommandComplete(): void;
  handleError(cause: Error): void;
  handleReadyForQuery(): void;
}
