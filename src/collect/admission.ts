import { OctavoError } from '../base/index.ts';

/** Bytes of one request that are held in memory. */
export interface Reservation {
  /** Holds more bytes. Fails with `collect_busy` when the whole is used up, `collect_source_busy` when the source's share is. */
  grow(bytes: number): void;
  /** Gives everything back; also when called twice. */
  release(): void;
}

/** Bounds what waits in memory, for all together and for each source, so that one source can't shut out the others. */
export interface Admission {
  /** Bytes held now. */
  readonly heldBytes: number;
  reserve(source: string): Reservation;
}

/** @param sourceBytesMax - the share of one source; a request is always let in when nothing else of its source is held */
export function createAdmission(limits: {
  readonly bytesMax: number;
  readonly sourceBytesMax: number;
}): Admission {
  const bySource = new Map<string, number>();
  let heldBytes = 0;
  return {
    get heldBytes() {
      return heldBytes;
    },
    reserve: (source) => {
      let own = 0;
      return {
        grow: (bytes) => {
          const others = (bySource.get(source) ?? 0) - own;
          if (others > 0 && others + own + bytes > limits.sourceBytesMax) {
            throw new OctavoError('collect_source_busy', `${others} bytes of '${source}' are waiting`);
          }
          if (heldBytes > own && heldBytes + bytes > limits.bytesMax) {
            throw new OctavoError('collect_busy', `${heldBytes} bytes are waiting`);
          }
          own += bytes;
          heldBytes += bytes;
          bySource.set(source, others + own);
        },
        release: () => {
          const left = (bySource.get(source) ?? 0) - own;
          if (left > 0) bySource.set(source, left);
          else bySource.delete(source);
          heldBytes -= own;
          own = 0;
        },
      };
    },
  };
}
