/** A mark on the axis of time. */
export interface Tick {
  readonly atMs: number;
  /** Share of the axis, 0 to 1. */
  readonly place: number;
}

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const steps = [1, 2, 5, 10, 15, 30]
  .flatMap((count) => [count * second, count * minute])
  .concat([1, 2, 3, 6, 12, 24, 48].map((count) => count * hour))
  .toSorted((a, b) => a - b);

/** Round instants on the axis, `ticksMax` at most, in a zone that is whole hours or half hours from UTC. */
export function ticksOf(
  fromMs: number,
  toMs: number,
  ticksMax = 7,
): { readonly ticks: readonly Tick[]; readonly stepMs: number } {
  const stepMs = steps.find((step) => (toMs - fromMs) / step <= ticksMax) ?? 48 * hour;
  const first = Math.ceil(fromMs / stepMs) * stepMs;
  const ticks: Tick[] = [];
  for (let atMs = first; atMs <= toMs; atMs += stepMs)
    ticks.push({ atMs, place: placeOf(atMs, fromMs, toMs) });
  return { ticks, stepMs };
}

/** Where an instant lies on the axis: 0 to 1. */
export function placeOf(atMs: number, fromMs: number, toMs: number): number {
  return Math.min(1, Math.max(0, (atMs - fromMs) / Math.max(1, toMs - fromMs)));
}
