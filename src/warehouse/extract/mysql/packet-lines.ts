import type { Duplex } from 'node:stream';
import { lineStream } from '../line-stream.ts';
import { RowLineWriter, type RowLines } from '../row-lines.ts';

/** A connection of the driver, as far as the rows of a statement are taken from it before the driver makes values of them. */
export interface PacketConnection {
  readonly stream: Duplex;
  query(options: { readonly sql: string }, done: (cause: unknown) => void): RowCommand;
  pause(): void;
  resume(): void;
}

/** A statement that runs: the driver calls `row` with each row's packet, and goes on with what that returns. */
interface RowCommand {
  row: RowHandler;
}

type RowHandler = (this: RowCommand, packet: RowPacket, connection: unknown) => unknown;

/** One row: its values as length-encoded texts, or the end of the rows. */
interface RowPacket {
  readonly buffer: Buffer;
  readonly offset: number;
  readonly end: number;
  isEOF(): boolean;
}

/**
 * The rows of a statement as lines, made of the server's packets without values in between, which would take three times as long. Who
 * leaves early ends the connection.
 */
export function packetLines(connection: PacketConnection, sql: string): AsyncIterable<RowLines> {
  const writer = new RowLineWriter();
  const way = lineStream(writer, {
    pause: () => connection.pause(),
    resume: () => connection.resume(),
    cut: () => connection.stream.destroy(),
  });
  // Of a connection that is destroyed at this side the driver says nothing.
  const closed = (): void => way.fail(new Error('the connection is in closed state'));
  connection.stream.once('close', closed);
  const command = connection.query({ sql }, (cause) => {
    connection.stream.off('close', closed);
    if (cause === null) way.end();
    else way.fail(cause);
  });
  const { row: endOfRows } = command;
  command.row = function row(packet, from) {
    if (packet.isEOF()) return endOfRows.call(command, packet, from);
    writeRow(writer, packet);
    way.rowDone();
    return row;
  };
  return way.lines;
}

const isNull = 0xfb;

/** https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_com_query_response_text_resultset_row.html */
function writeRow(writer: RowLineWriter, { buffer, offset, end }: RowPacket): void {
  let at = offset;
  while (at < end) {
    const first = buffer[at++] as number;
    if (first === isNull) {
      writer.none();
      continue;
    }
    let length = first;
    if (first > isNull) {
      const bytes = first === 0xfc ? 2 : first === 0xfd ? 3 : 8;
      length = bytes === 8 ? Number(buffer.readBigUInt64LE(at)) : buffer.readUIntLE(at, bytes);
      at += bytes;
    }
    writer.value(buffer, at, at + length);
    at += length;
  }
  writer.endRow();
}
