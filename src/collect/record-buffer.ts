/** Turns texts into records that lie beside each other in memory, so that they are copied at once later. */
export interface RecordBuffer {
  /** The text in UTF-8; its bytes are never written again. */
  encode(text: string): Buffer;
}

/** Makes a buffer that takes its memory in blocks. */
export function createRecordBuffer(): RecordBuffer {
  let block = Buffer.alloc(0);
  let used = 0;
  return {
    encode: (text) => {
      // A code unit of UTF-16 takes three bytes at most.
      if (used + text.length * 3 > block.length) {
        block = Buffer.allocUnsafeSlow(Math.max(blockBytes, text.length * 3));
        used = 0;
      }
      const start = used;
      used += block.write(text, start);
      return block.subarray(start, used);
    },
  };
}

const blockBytes = 256 * 1024;
