/** What a request asks for, taken apart. */
export interface Target {
  readonly path: string;
  /** Without the question mark; '' when there is none. */
  readonly query: string;
  /** Parts of the path between slashes, not decoded. */
  readonly parts: readonly string[];
}

/** Takes a target apart; a scheme and host are put away, and so is what follows a `#`. */
export function parseTarget(text: string): Target {
  let start = 0;
  if (text.charCodeAt(0) !== slash) {
    const scheme = text.indexOf('://');
    if (scheme > 0 && scheme < schemeMax) {
      const host = text.indexOf('/', scheme + 3);
      start = host < 0 ? text.length : host;
    }
  }
  const fragment = text.indexOf('#', start);
  const end = fragment < 0 ? text.length : fragment;
  const mark = text.indexOf('?', start);
  const pathEnd = mark < 0 || mark > end ? end : mark;
  const path = pathEnd === start ? '/' : text.slice(start, pathEnd);
  return { path, query: pathEnd < end ? text.slice(pathEnd + 1, end) : '', parts: partsOf(path) };
}

const slash = 47;
const schemeMax = 12;

/** Parts of a path between slashes; empty ones are left out. */
export function partsOf(path: string): readonly string[] {
  const parts: string[] = [];
  for (let at = 0; at < path.length;) {
    let end = path.indexOf('/', at);
    if (end < 0) end = path.length;
    if (end > at) parts.push(path.slice(at, end));
    at = end + 1;
  }
  return parts;
}

/** The first value of a name in a query, decoded; undefined when it is missing or empty. */
export function queryValue(query: string, name: string): string | undefined {
  for (let at = 0; at < query.length;) {
    let end = query.indexOf('&', at);
    if (end < 0) end = query.length;
    const equals = query.indexOf('=', at);
    if (equals > at && equals < end && decodePart(query.slice(at, equals)) === name) {
      const value = decodePart(query.slice(equals + 1, end).replaceAll('+', ' '));
      return value === '' ? undefined : value;
    }
    at = end + 1;
  }
  return undefined;
}

/** Percent signs decoded as UTF-8; what is no such text stays as it is. */
export function decodePart(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
