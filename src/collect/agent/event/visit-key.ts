/*
 * What a visit is known by: 53 bits of the reader, else of address and user agent. Two hashes of 32 bits go over each part
 * (FNV-1a, each with a basis and a factor of its own), so that the part of a user agent can be kept beside it.
 */

/** The two hashes of one part. */
export interface KeyPart {
  readonly low: number;
  readonly high: number;
}

/** Where the hashes of a part begin. */
export const partBases = {
  reader: { low: 0x12_34_56_78, high: 0x2b_99_2d_df },
  address: { low: 0x81_1c_9d_c5, high: 0x9e_37_79_b9 },
  agent: { low: 0x3c_6e_f3_72, high: 0x5f_35_6e_49 },
} as const;

/** Factor of the low hash. */
const lowFactor = 0x01_00_01_93;
/** Factor of the high hash. */
const highFactor = 0x85_eb_ca_6b;
const none: KeyPart = { low: 0, high: 0 };

/** A part of a key from a text. */
export function textPart({ low, high }: KeyPart, text: string): KeyPart {
  let [a, b] = [low, high];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    a = Math.imul(a ^ code, lowFactor);
    b = Math.imul(b ^ code, highFactor);
  }
  return { low: a, high: b };
}

/** The key of a part's bytes, each a letter, and another part. */
export function bytesKey(
  { low, high }: KeyPart,
  bytes: Uint8Array,
  from: number,
  to: number,
  other: KeyPart | undefined,
): number {
  let [a, b] = [low | 0, high | 0];
  for (let at = from; at < to; at++) {
    const code = bytes[at] ?? 0;
    a = Math.imul(a ^ code, lowFactor);
    b = Math.imul(b ^ code, highFactor);
  }
  return mixed(a, b, other ?? none);
}

/** What a visit is known by: its reader, else address and user agent. */
export function visitKey(
  reader: string | undefined,
  ip: string | undefined,
  agent: string | undefined,
): number {
  if (reader !== undefined) {
    const { low, high } = textPart(partBases.reader, reader);
    return mixed(low, high, none);
  }
  const { low, high } = textPart(partBases.address, ip ?? '');
  return mixed(low, high, agent === undefined ? none : textPart(partBases.agent, agent));
}

function mixed(low: number, high: number, other: KeyPart): number {
  let a = low ^ Math.imul(other.low, 0x27_d4_eb_2f);
  let b = high ^ Math.imul(other.high, 0x16_56_67_b1);
  a = Math.imul(a ^ (a >>> 15), 0x2c_1b_3c_6d);
  b = Math.imul(b ^ (b >>> 13), 0xc2_b2_ae_35);
  return ((b ^ (b >>> 16)) & 0x1f_ff_ff) * 0x1_00_00_00_00 + ((a ^ (a >>> 12)) >>> 0);
}
