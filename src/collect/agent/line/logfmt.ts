import { unescapeLogfmt } from './escapes.ts';

/** The values of a line of `name=value name="value with blanks"`. */
export function readLogfmt(line: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  let at = 0;
  while (at < line.length) {
    while (line.charCodeAt(at) === space) at++;
    const start = at;
    while (at < line.length && line.charCodeAt(at) !== space && line.charCodeAt(at) !== equals) at++;
    const name = line.slice(start, at);
    if (line.charCodeAt(at) !== equals) continue;
    at += 1;
    if (line.charCodeAt(at) !== quote) {
      const end = line.indexOf(' ', at);
      values.set(name, line.slice(at, end < 0 ? line.length : end));
      at = end < 0 ? line.length : end;
      continue;
    }
    const from = ++at;
    while (at < line.length && line.charCodeAt(at) !== quote) at += line.charCodeAt(at) === backslash ? 2 : 1;
    values.set(name, unescapeLogfmt(line.slice(from, at)));
    at += 1;
  }
  return values;
}

const space = 32;
const equals = 61;
const quote = 34;
const backslash = 92;
