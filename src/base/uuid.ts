/** The random and time that an id is made of. */
export interface UuidSource {
  readonly nowMs: number;
  /** Uniform in [0, 1). */
  readonly next: () => number;
}

/** A UUID version 7 (RFC 9562): 48 bits of epoch milliseconds, then random bits, so ids sort by time. */
export function uuidv7(source: UuidSource): string {
  const time = Math.floor(source.nowMs).toString(16).padStart(12, '0');
  const word = (): string =>
    Math.floor(source.next() * 0x10000)
      .toString(16)
      .padStart(4, '0');
  const versioned = `7${word().slice(1)}`;
  const variant = ((8 + Math.floor(source.next() * 4)).toString(16) + word().slice(1)).slice(0, 4);
  return `${time.slice(0, 8)}-${time.slice(8)}-${versioned}-${variant}-${word()}${word()}${word()}`;
}

/** Whether the text is a UUID of any version in its canonical form. */
export function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(text);
}
