import type { TextRange } from '../../parts/code-setup.ts';

/** A place as the engine tells it; both begin with 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** The word at a place. */
export function wordAt(text: string, { line, column }: Place): TextRange {
  const lines = text.split('\n');
  const index = Math.min(Math.max(1, line), lines.length) - 1;
  const start = lines.slice(0, index).reduce((sum, one) => sum + one.length + 1, 0);
  const here = lines[index] ?? '';
  const from = Math.min(column - 1, here.length);
  const word = /^(?:[\p{L}\p{N}_]+|\S)/u.exec(here.slice(from))?.[0] ?? '';
  return { from: start + from, to: start + from + word.length };
}
