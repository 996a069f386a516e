/** Where the parts of a line lie; -1 as a beginning means that there is none. */
export class LineScan {
  ipFrom = 0;
  ipTo = 0;
  userFrom = -1;
  userTo = 0;
  timeFrom = 0;
  methodFrom = 0;
  methodTo = 0;
  targetFrom = 0;
  targetTo = 0;
  statusFrom = 0;
  status = 0;
  bytesFrom = -1;
  bytesTo = 0;
  referrerFrom = -1;
  referrerTo = 0;
  agentFrom = -1;
  agentTo = 0;
  lineTo = 0;
}

/** Letters of `17/May/2015:10:05:03 +0900`. */
export const clfLetters = 26;

/** Letters that stand for themselves in a log and in JSON: printable ASCII without the quote and the backslash. */
const plain = new Uint8Array(256);
for (let code = 32; code < 127; code++) plain[code] = code === 34 || code === 92 ? 0 : 1;
const targetMax = 2000;
const referrerMax = 4000;
const agentMax = 1000;
const userMax = 200;
const methodMax = 20;
const digitsMax = 15;

const [space, quote, dash, open, close, slash] = [32, 34, 45, 91, 93, 47];

/**
 * Finds the parts of a line of the combined (or common) log format in one pass over its bytes, without making anything, up to the
 * beginning of the user agent. It knows the lines that need no care; of all others it says false, and they are read in the general
 * way, which gives the same.
 */
export function scanCombined(
  bytes: Uint8Array,
  from: number,
  to: number,
  combined: boolean,
  scan: LineScan,
): boolean {
  let at = wordEnd(bytes, from, to);
  if (at <= from || (at - from === 1 && bytes[from] === dash)) return false;
  scan.ipFrom = from;
  scan.lineTo = to;
  scan.referrerFrom = -1;
  scan.agentFrom = -1;
  scan.ipTo = at;
  const ident = at + 1;
  at = wordEnd(bytes, ident, to);
  if (at <= ident) return false;
  scan.userFrom = at + 1;
  at = wordEnd(bytes, scan.userFrom, to);
  if (at < scan.userFrom || at - scan.userFrom > userMax || bytes[at + 1] !== open) return false;
  scan.userTo = at;
  if (isNone(bytes, scan.userFrom, at)) scan.userFrom = -1;
  scan.timeFrom = at + 2;
  at = scan.timeFrom + clfLetters;
  if (at + 3 > to || bytes[at] !== close || bytes[at + 1] !== space || bytes[at + 2] !== quote) return false;
  at = requestEnd(bytes, at + 3, to, scan);
  if (at < 0 || bytes[at + 1] !== space) return false;
  at = statusEnd(bytes, at + 2, to, scan);
  if (at < 0) return false;
  at = sizeEnd(bytes, at + 1, to, scan);
  if (at < 0) return false;
  if (!combined) return at === to;
  if (bytes[at] !== space || bytes[at + 1] !== quote) return false;
  scan.referrerFrom = at + 2;
  at = quotedEnd(bytes, scan.referrerFrom, to);
  if (at < 0 || at - scan.referrerFrom > referrerMax) return false;
  scan.referrerTo = at;
  if (isNone(bytes, scan.referrerFrom, at)) scan.referrerFrom = -1;
  if (bytes[at + 1] !== space || bytes[at + 2] !== quote) return false;
  scan.agentFrom = at + 3;
  return true;
}

/** Finds the end of the user agent, with which a line of the combined format ends; it is scanned up to there. */
export function scanAgent(bytes: Uint8Array, to: number, scan: LineScan): boolean {
  let at = quotedEnd(bytes, scan.agentFrom, to);
  if (at < 0 || at - scan.agentFrom > agentMax) return false;
  scan.agentTo = at;
  if (isNone(bytes, scan.agentFrom, at)) scan.agentFrom = -1;
  // What follows is no part of the format, but it may be broken.
  for (at += 1; at < to; at++) if ((bytes[at] ?? 0) > 126) return false;
  return true;
}

function isNone(bytes: Uint8Array, from: number, to: number): boolean {
  return to === from || (to - from === 1 && bytes[from] === dash);
}

/** The next space; a place before `from` when there is another letter that is not plain, or the line ends. */
function wordEnd(bytes: Uint8Array, from: number, to: number): number {
  for (let at = from; at < to; at++) {
    const code = bytes[at] ?? 0;
    if (code === space) return at;
    if (plain[code] === 0) return -1;
  }
  return -1;
}

/** The quote that ends a value. */
function quotedEnd(bytes: Uint8Array, from: number, to: number): number {
  for (let at = from; at < to; at++) if (plain[bytes[at] ?? 0] === 0) return bytes[at] === quote ? at : -1;
  return -1;
}

/** `GET /books/1 HTTP/1.1` up to its quote. */
function requestEnd(bytes: Uint8Array, from: number, to: number, scan: LineScan): number {
  let first = from;
  for (; first < to; first++) {
    const code = bytes[first] ?? 0;
    if (code === space) break;
    if (code < 65 || code > 90) return -1;
  }
  if (first === from || first - from > methodMax || bytes[first + 1] !== slash) return -1;
  let last = first;
  let at = first + 1;
  for (; at < to; at++) {
    const code = bytes[at] ?? 0;
    if (plain[code] === 0) break;
    if (code === space) last = at;
    else if (code === hash) return -1;
  }
  if (bytes[at] !== quote || at >= to || last === first || last - first > targetMax) return -1;
  if (!startsWithHttp(bytes, last + 1)) return -1;
  scan.methodFrom = from;
  scan.methodTo = first;
  scan.targetFrom = first + 1;
  scan.targetTo = last;
  return at;
}

const hash = 35;

function startsWithHttp(bytes: Uint8Array, at: number): boolean {
  return (
    bytes[at] === 72 &&
    bytes[at + 1] === 84 &&
    bytes[at + 2] === 84 &&
    bytes[at + 3] === 80 &&
    bytes[at + 4] === slash
  );
}

/** Three digits and a space. */
function statusEnd(bytes: Uint8Array, from: number, to: number, scan: LineScan): number {
  if (from + 4 > to || bytes[from + 3] !== space) return -1;
  let status = 0;
  for (let at = from; at < from + 3; at++) {
    const digit = (bytes[at] ?? 0) - 48;
    if (digit < 0 || digit > 9) return -1;
    status = status * 10 + digit;
  }
  if (status < 100) return -1;
  scan.statusFrom = from;
  scan.status = status;
  return from + 3;
}

/** A count of bytes, or a dash. */
function sizeEnd(bytes: Uint8Array, from: number, to: number, scan: LineScan): number {
  scan.bytesFrom = -1;
  if (bytes[from] === dash && from < to) return from + 1;
  let at = from;
  for (; at < to; at++) {
    const digit = (bytes[at] ?? 0) - 48;
    if (digit < 0 || digit > 9) break;
  }
  if (at === from || at - from > digitsMax || (bytes[from] === 48 && at - from > 1)) return -1;
  scan.bytesFrom = from;
  scan.bytesTo = at;
  return at;
}
