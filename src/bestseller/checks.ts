import { OctavoError } from '../base/index.ts';
import type { CountedTitle, Place } from './counted-title.ts';
import type { BestsellerList } from './list.ts';

/** What a computation found, before anything of it is published. */
export interface CountingResult {
  readonly titles: readonly CountedTitle[];
  readonly totalCounted: number;
  readonly totalTitles: number;
  /** Lines of the window, whatever became of them. */
  readonly lines: number;
  /** Counts of the checked titles, found by the second formulation. */
  readonly recount: ReadonlyMap<string, number>;
  /** What the edition of the day before had counted. */
  readonly previousCounted: number | undefined;
}

/** Errors: `list_check_failed`, naming the list and the figure. Nothing is published then and the last edition stays. */
export function checkResult(list: BestsellerList, result: CountingResult): void {
  const fail = (about: string): never => {
    throw new OctavoError('list_check_failed', `'${list.id}': ${about}`, { details: { list: list.id } });
  };
  const { titles, totalCounted, recount } = result;
  if (list.checks.closed_days && result.lines === 0) return;
  // The day after a closed day has nothing to be compared with.
  const previousCounted =
    list.checks.closed_days && result.previousCounted === 0 ? undefined : result.previousCounted;
  if (result.lines === 0 && (previousCounted ?? 0) > 0)
    fail('the window has no sale lines, the day before had some');
  if (titles.length === 0 && totalCounted > 0) fail(`empty, although ${totalCounted} copies count`);
  if (previousCounted !== undefined && Math.max(previousCounted, totalCounted) >= movedCopiesMin) {
    const factor =
      Math.max(previousCounted, totalCounted) / Math.max(1, Math.min(previousCounted, totalCounted));
    if (factor > list.checks.total_factor_max) {
      fail(
        `${totalCounted} copies count, ${previousCounted} the day before: more than ${list.checks.total_factor_max} times`,
      );
    }
  }
  const countedOf = new Map(titles.map((title) => [title.itemId, title.counted]));
  for (const [itemId, counted] of recount) {
    const ours = countedOf.get(itemId);
    if (ours !== counted) fail(`title '${itemId}' counts ${ours}, the recount says ${counted}`);
  }
  for (const title of titles) {
    const days = title.days.reduce((sum, day) => sum + day.count, 0);
    if (days !== title.counted) fail(`title '${title.itemId}' counts ${title.counted}, its days ${days}`);
    if (title.counted > title.kept || title.kept > title.copies)
      fail(`title '${title.itemId}' counts more than was sold`);
  }
  for (const [category, places] of placesByCategory(titles)) {
    const wrong = firstWrongRank(places);
    if (wrong !== undefined) fail(`category '${category}': place ${wrong.place} has rank ${wrong.rank}`);
  }
}

/** A title at a place. */
export interface Ranked extends Place {
  readonly title: CountedTitle;
}

/** The titles of every category, in the order in which they are shown. */
export function placesByCategory(titles: readonly CountedTitle[]): ReadonlyMap<string, readonly Ranked[]> {
  const placed = titles.flatMap((title) => title.places.map((place) => ({ title, ...place })));
  const byCategory = Map.groupBy(placed, (one) => one.category);
  for (const places of byCategory.values()) places.sort((left, right) => left.place - right.place);
  return byCategory;
}

function firstWrongRank(places: readonly Ranked[]): Ranked | undefined {
  return places.find((one, index) => {
    const above = places[index - 1];
    if (one.place !== index + 1) return true;
    if (above === undefined) return one.rank !== 1;
    if (above.title.counted < one.title.counted) return true;
    return one.rank !== (above.title.counted === one.title.counted ? above.rank : one.place);
  });
}

/** Below so many copies a total may move as it likes. */
const movedCopiesMin = 1000;
