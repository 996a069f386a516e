import { createReadStream } from 'node:fs';

const [lineFeed, carriageReturn] = [10, 13];

/**
 * The numbers, from 1, of the lines in which the byte positions of a file lie, as an editor shows them: line breaks
 * inside quoted values count, however lines end. Positions ascend.
 */
export async function linesOf(path: string, positions: readonly number[]): Promise<readonly number[]> {
  const lines: number[] = [];
  let [line, at, afterReturn] = [1, 0, false];
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    for (let index = 0; index < chunk.length; index++, at++) {
      while (positions[lines.length] === at) lines.push(line);
      const byte = chunk[index];
      if (byte === carriageReturn || (byte === lineFeed && !afterReturn)) line += 1;
      afterReturn = byte === carriageReturn;
    }
    if (lines.length === positions.length) return lines;
  }
  while (lines.length < positions.length) lines.push(line);
  return lines;
}
