/** The candidate most like the name, or undefined when none is like it (more than a third of the letters differ). */
export function nearestName(name: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(name.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance >= bestDistance) continue;
    best = candidate;
    bestDistance = distance;
  }
  return best;
}

/**
 * The end of a sentence about an unknown name: `, did you mean 'port'?`, or
 * what is allowed when nothing is like it.
 */
export function suggestion(name: string, candidates: Iterable<string>): string {
  const known = [...candidates];
  const nearest = nearestName(name, known);
  if (nearest !== undefined) return `, did you mean '${nearest}'?`;
  if (known.length === 0) return '';
  const shown = known.slice(0, candidatesShownMax).map((candidate) => `'${candidate}'`);
  return `, known are ${shown.join(', ')}${known.length > shown.length ? ', …' : ''}`;
}

/**
 * Insertions, deletions, replacements and swaps of neighbours that turn one text into the
 * other (Damerau, 1964; optimal alignment).
 */
export function editDistance(from: string, to: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const replaced = (previous[column - 1] ?? 0) + (from[row - 1] === to[column - 1] ? 0 : 1);
      let cost = Math.min(replaced, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1);
      if (row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]) {
        cost = Math.min(cost, (beforePrevious[column - 2] ?? 0) + 1);
      }
      current.push(cost);
    }
    beforePrevious = previous;
    previous = current;
  }
  return previous[to.length] ?? 0;
}

const candidatesShownMax = 12;
