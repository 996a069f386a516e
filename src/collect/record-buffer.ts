import type { ScannedEvent } from '../event/index.ts';

/** Turns events into records that lie beside each other in memory, so that they are copied at once later. */
export interface RecordBuffer {
  /** The text in UTF-8; its bytes are never written again. */
  encode(text: string): Buffer;
  /**
   * The same as `encode(storedText(event, ending))`, of an event that need not be written anew: its bytes with `ending` in place of
   * the last bracket, and with its time corrected.
   */
  splice(event: ScannedEvent, corrected: string | undefined, ending: string): Buffer;
}

/** Makes a buffer that takes its memory in blocks. */
export function createRecordBuffer(): RecordBuffer {
  let block = Buffer.alloc(0);
  let used = 0;
  // Most events of a request end alike.
  let last = { text: '', bytes: Buffer.alloc(0) };
  const reserve = (bytes: number): void => {
    if (used + bytes <= block.length) return;
    block = Buffer.allocUnsafeSlow(Math.max(blockBytes, bytes));
    used = 0;
  };
  return {
    encode: (text) => {
      // A code unit of UTF-16 takes three bytes at most.
      reserve(text.length * 3);
      const start = used;
      used += block.write(text, start);
      return block.subarray(start, used);
    },
    splice: ({ body, start, end, occurredAt, facts: { occurred_at: own } }, corrected, ending) => {
      if (ending !== last.text) last = { text: ending, bytes: Buffer.from(ending) };
      reserve(end - start + last.bytes.length + timesBytesMax);
      const first = used;
      if (corrected === undefined) used += body.copy(block, used, start, end - 1);
      else {
        used += body.copy(block, used, start, occurredAt);
        used += block.write(corrected, used);
        used += body.copy(block, used, occurredAt + own.length, end - 1);
        used += block.write(`,"device_occurred_at":"${own}"`, used);
      }
      used += last.bytes.copy(block, used);
      return block.subarray(first, used);
    },
  };
}

const blockBytes = 256 * 1024;
/** More than the corrected time and the client's own take. */
const timesBytesMax = 128;
