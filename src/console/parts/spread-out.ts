/**
 * Moves positions as little as needed so that each is `gap` from the next and none is beyond `most`.
 * Undefined ones stay so.
 */
export function spreadOut(
  positions: readonly (number | undefined)[],
  gap: number,
  most: number,
): readonly (number | undefined)[] {
  const order = positions
    .flatMap((position, index) => (position === undefined ? [] : [{ index, position }]))
    .toSorted((a, b) => a.position - b.position);
  const placed: (number | undefined)[] = [...positions];
  let lowest = -Infinity;
  for (const { index, position } of order) {
    lowest = Math.max(position, lowest + gap);
    placed[index] = lowest;
  }
  let highest = most;
  for (const { index } of order.toReversed()) {
    highest = Math.min(placed[index] ?? highest, highest);
    placed[index] = highest;
    highest -= gap;
  }
  return placed;
}
