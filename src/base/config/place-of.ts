/**
 * The line (from 1) on which a key stands in a configuration's text: each part of the path is looked for
 * after the one before it. Undefined when the first part is not there; the last found line otherwise.
 */
export function placeOf(text: string, path: readonly string[]): number | undefined {
  let from = 0;
  let found: number | undefined;
  for (const key of path) {
    const escaped = key.replace(/[^\w]/g, '\\$&');
    const match = new RegExp(`(?<![\\w$])['"]?${escaped}['"]?\\s*[:,}]`).exec(text.slice(from));
    if (match === null) break;
    from += match.index;
    found = text.slice(0, from).split('\n').length;
    from += key.length;
  }
  return found;
}
