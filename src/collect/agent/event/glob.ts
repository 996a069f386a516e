/** Whether a text matches. */
export type TextMatch = (text: string) => boolean;

/**
 * Matches `*` (any letters, also none) and `{a,b}` (one of them) against a whole text, in time that grows with its length.
 * Everything else stands for itself.
 */
export function globMatch(pattern: string): TextMatch {
  const matches = expand(pattern).map(starMatch);
  const [only] = matches;
  return matches.length === 1 && only !== undefined ? only : (text) => matches.some((match) => match(text));
}

function starMatch(pattern: string): TextMatch {
  const parts = pattern.split('*');
  const first = parts[0] ?? '';
  const last = parts.at(-1) ?? '';
  if (parts.length === 1) return (text) => text === pattern;
  const middle = parts.slice(1, -1).filter((part) => part !== '');
  return (text) => {
    if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last))
      return false;
    let at = first.length;
    for (const part of middle) {
      const found = text.indexOf(part, at);
      if (found < 0) return false;
      at = found + part.length;
    }
    return at <= text.length - last.length;
  };
}

/** The patterns that a pattern with `{a,b}` stands for. */
export function expand(pattern: string): readonly string[] {
  const match = /^(.*?)\{([^{}]*)\}(.*)$/s.exec(pattern);
  if (match === null) return [pattern];
  const [, before = '', inside = '', after = ''] = match;
  return inside.split(',').flatMap((one) => expand(`${before}${one}${after}`));
}
