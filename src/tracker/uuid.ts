/** Makes UUIDs of version 7, each later in order than the one before, also within a millisecond. */
export function uuidMaker(now: () => number, fill: (bytes: Uint8Array) => Uint8Array): () => string {
  let [lastMs, serial] = [0, 0];
  return () => {
    const random = [...fill(new Uint8Array(9))].map((byte) => hex(byte, 2)).join('');
    const nowMs = now();
    // A clock that was put back by hand is followed; one that jitters is not.
    if (nowMs > lastMs || nowMs < lastMs - 10_000) {
      lastMs = nowMs;
      serial = parseInt(random.slice(16), 16) << 3;
    } else if (++serial > 0xfff) {
      lastMs++;
      serial = 0;
    }
    return `${hex(lastMs, 12)}7${hex(serial, 3)}8${random.slice(0, 15)}`.replace(
      /(.{8})(.{4})(.{4})(.{4})/,
      '$1-$2-$3-$4-',
    );
  };
}

/** The instant at which an id was made, in milliseconds. */
export function timeOf(id: string): number {
  return parseInt(id.replace('-', '').slice(0, 12), 16);
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}
