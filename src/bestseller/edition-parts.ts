import type { Edition, EditionEntry, EditionPart, ServingStore } from '../serving/index.ts';
import { placesByCategory } from './checks.ts';
import type { CountedTitle } from './counted-title.ts';
import { entryOf, type PreviousEntry } from './entry.ts';
import type { NewestEntries } from './newest-entries.ts';
import type { DayRange } from './window.ts';

/** Every category has a part, an empty one when nothing of it was sold. */
export function partNames(titles: readonly CountedTitle[], categories: readonly string[]): readonly string[] {
  const placed = titles.flatMap((title) => title.places.map((place) => place.category));
  return [...new Set(['all', ...placed, ...categories])].toSorted();
}

/** Every part of an edition, its titles compared with the edition of the day before. */
export async function* editionParts(options: {
  readonly store: ServingStore;
  readonly newest?: NewestEntries;
  readonly previous: Edition | undefined;
  readonly parts: readonly string[];
  readonly window: DayRange;
  readonly titles: readonly CountedTitle[];
  /** Gets what each part says. */
  readonly said: Map<string, ReadonlyMap<string, PreviousEntry>>;
}): AsyncGenerator<EditionPart> {
  const byCategory = placesByCategory(options.titles);
  const known = options.previous === undefined ? undefined : options.newest?.of(options.previous.id);
  for (const part of options.parts) {
    const before =
      known === undefined
        ? await previousEntries(options.store, options.previous, part)
        : (known.get(part) ?? new Map<string, PreviousEntry>());
    const entries = (byCategory.get(part) ?? []).map((place) =>
      entryOf({
        title: place.title,
        place,
        previous: before.get(place.title.itemId),
        window: options.window,
      }),
    );
    options.said.set(part, new Map(entries.map(({ key, body }) => [key, previousOf(body)])));
    yield { part, entries };
  }
}

async function previousEntries(
  store: ServingStore,
  edition: Edition | undefined,
  part: string,
): Promise<ReadonlyMap<string, PreviousEntry>> {
  if (edition === undefined) return new Map();
  const read = await store.read(edition.id, part, { from: 0, limit: entriesMax });
  return new Map((read?.entries ?? []).map((entry) => [entry.key, entry.body as unknown as PreviousEntry]));
}

function previousOf(body: EditionEntry['body']): PreviousEntry {
  const { rank, days_on_list, peak_rank } = body as unknown as PreviousEntry;
  return { rank, days_on_list, peak_rank };
}

const entriesMax = 10_000;
