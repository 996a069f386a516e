/**
 * When the event of a record happened, in epoch milliseconds: read from its bytes, for it is asked of every record. What stands
 * under the same key further inside is taken for it when it comes first, so whoever relies on it has to look again at what the
 * JSON reader says. Undefined where no instant with a zone is found.
 */
export function occurredMs(bytes: Buffer, start = 0, end = bytes.length): number | undefined {
  const at = valueStart(bytes, start, end);
  if (at < 0) return undefined;
  return plainInstant(bytes, at, end) ?? otherInstant(bytes, at, end);
}

/** Where the text begins, or -1. Clients write the key among the first, and few write blanks around the colon. */
function valueStart(bytes: Buffer, start: number, end: number): number {
  const near = Math.min(start + nearBytes, end - needle.length);
  for (let at = start + 1; at < near; at++) {
    if (bytes[at] !== quote || bytes[at + 1] !== letterO || bytes[at + 2] !== letterC) continue;
    if (isNeedle(bytes, at)) return at + needle.length;
  }
  const record = bytes.subarray(start, end);
  const far = record.indexOf(needle);
  if (far >= 0) return start + far + needle.length;
  const found = spaced.exec(record.toString('latin1'));
  return found === null ? -1 : start + found.index + found[0].length;
}

function isNeedle(record: Buffer, at: number): boolean {
  for (let index = 3; index < needle.length; index++) if (record[at + index] !== needle[index]) return false;
  return true;
}

/** `2026-03-02T00:00:00Z`, with or without a fraction; undefined for every other spelling. */
function plainInstant(record: Buffer, at: number, stop: number): number | undefined {
  if (at + plainBytes > stop) return undefined;
  if (record[at + 4] !== dash || record[at + 7] !== dash || record[at + 10] !== letterT) return undefined;
  if (record[at + 13] !== colon || record[at + 16] !== colon) return undefined;
  let end = at + 19;
  if (record[end] === dot) {
    const fractionMax = end + 10;
    for (end++; end < fractionMax && isDigit(record[end]);) end++;
  }
  if (end + 1 >= stop || record[end] !== letterZ || record[end + 1] !== quote) return undefined;
  const [month, day, hour] = [two(record, at + 5), two(record, at + 8), two(record, at + 11)];
  const [minute, second] = [two(record, at + 14), two(record, at + 17)];
  const year = two(record, at) * 100 + two(record, at + 2);
  const inRange =
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= daysOf(year, month) &&
    hour < 24 &&
    minute < 60 &&
    second < 60;
  // `Date.UTC` takes a small year for one of the last century.
  if (!inRange || !(year >= 1000)) return undefined;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

function daysOf(year: number, month: number): number {
  if (month !== 2) return daysOfMonths[month - 1] ?? 0;
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
}

function otherInstant(record: Buffer, at: number, stop: number): number | undefined {
  const text = record.toString('latin1', at, Math.min(at + textMax, stop));
  const found = zoned.exec(text)?.[1];
  const ms = found === undefined ? Number.NaN : Date.parse(found);
  return Number.isNaN(ms) ? undefined : ms;
}

/** Two digits as a number; NaN for anything else. */
function two(record: Buffer, at: number): number {
  const [tens, ones] = [record[at], record[at + 1]];
  return isDigit(tens) && isDigit(ones) ? (tens - digit0) * 10 + ones - digit0 : Number.NaN;
}

function isDigit(byte: number | undefined): byte is number {
  return byte !== undefined && byte >= digit0 && byte <= digit9;
}

const needle = Buffer.from('"occurred_at":"');
const spaced = /"occurred_at"\s*:\s*"/;
const zoned = /^([^"]+(?:Z|[+-]\d\d:?\d\d))"/;
const daysOfMonths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const textMax = 48;
/** Of such a spelling without a fraction, with its last quote. */
const plainBytes = 21;
const nearBytes = 256;
const [quote, dash, dot, colon] = [0x22, 0x2d, 0x2e, 0x3a];
const [digit0, digit9, letterT, letterZ, letterO, letterC] = [0x30, 0x39, 0x54, 0x5a, 0x6f, 0x63];
