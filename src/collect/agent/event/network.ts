import { truncateIp } from '../../../event/index.ts';

/** The network of an address, undefined when it is none. Most are IPv4, which is seen here without taking them apart. */
export function networkOf(ip: string): string | undefined {
  const first = ipv4.exec(ip)?.[1];
  return first === undefined ? truncateIp(ip) : `${first}0`;
}

const quad = String.raw`(?:[01]?\d?\d|2[0-4]\d|25[0-5])`;
const ipv4 = new RegExp(String.raw`^((?:${quad}\.){3})${quad}$`);

/** Where the last number of an IPv4 address, one byte a letter, begins; -1 when it is none that is plain. */
export function lastQuad(bytes: Uint8Array, from: number, to: number): number {
  let quads = 1;
  let value = 0;
  let begin = from;
  for (let at = from; at < to; at++) {
    const letter = bytes[at] ?? 0;
    if (letter === dot) {
      if (at === begin) return -1;
      quads += 1;
      begin = at + 1;
      value = 0;
      continue;
    }
    const digit = letter - 48;
    if (digit < 0 || digit > 9 || at - begin > 2) return -1;
    value = value * 10 + digit;
    if (value > 255) return -1;
  }
  return quads === 4 && begin < to ? begin : -1;
}

const dot = 46;
