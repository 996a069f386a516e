/** Where in a text something stands; both begin with 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** Letters that take two columns, so that the engine's pointer stands below them. */
const wide = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u;

/**
 * The place in the SQL that an engine's message points at: by its `LINE 2: … ^`, or by its words. Undefined when it points
 * at nothing.
 */
export function placeOfError(message: string, sql: string): Place | undefined {
  const worded = /\(line (\d+), column (\d+)\)/.exec(message);
  if (worded !== null) return { line: Number(worded[1]), column: Number(worded[2]) };
  const pointed = /^(LINE (\d+): )(.*)\n( *)\^/m.exec(message);
  if (pointed === null) return undefined;
  const [, head = '', line = '1', shown = '', indent = ''] = pointed;
  const written = sql.split('\n')[Number(line) - 1] ?? '';
  const cut = shown.startsWith('...') ? 3 : 0;
  const offset = letterAt(shown, indent.length - head.length) - cut;
  // A long line is shown in part.
  const part = shown.slice(cut, shown.endsWith('...') && !written.endsWith(shown) ? -3 : undefined);
  const begins = Math.max(0, written.indexOf(part));
  return { line: Number(line), column: Math.max(1, begins + offset + 1) };
}

/** The place of a place, after lines and letters that stood before the text. */
export function behind(place: Place, before: string): Place {
  const lines = before.split('\n');
  const last = lines.at(-1) ?? '';
  return {
    line: place.line + lines.length - 1,
    column: place.line === 1 ? place.column + last.length : place.column,
  };
}

function letterAt(text: string, width: number): number {
  let seen = 0;
  for (const [index, letter] of Array.from(text).entries()) {
    if (seen >= width) return index;
    seen += wide.test(letter) ? 2 : 1;
  }
  return text.length;
}
