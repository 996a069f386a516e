import { titlesPart } from '../recommend/index.ts';
import type { Edition, EditionEntry, ServingStore } from '../serving/index.ts';
import type { RecommendedItem } from './schemas.ts';

/** Recommended titles as an answer shows them: in order, with the names that their edition keeps once for all of its lists. */
export async function withTitles(
  store: ServingStore,
  edition: Edition,
  entries: readonly EditionEntry[],
): Promise<RecommendedItem[]> {
  const named = new Map<string, Readonly<Record<string, unknown>>>();
  for (const id of new Set(entries.flatMap((entry) => [entry.key, ...causesOf(entry)]))) {
    const found = await store.entry(edition.id, titlesPart, id);
    named.set(id, found?.entry.body ?? {});
  }
  const englishOf = (id: string): { title_en?: string } => {
    const english = named.get(id)?.['title_en'];
    return typeof english === 'string' ? { title_en: english } : {};
  };
  const titleOf = (id: string): string => String(named.get(id)?.['title'] ?? id);
  return entries.map((entry, index) => ({
    ...named.get(entry.key),
    position: index + 1,
    item_id: entry.key,
    title: titleOf(entry.key),
    score: Number(entry.body['score']),
    reason: String(entry.body['reason']),
    because_of: causesOf(entry).map((id) => ({ item_id: id, title: titleOf(id), ...englishOf(id) })),
  }));
}

function causesOf(entry: EditionEntry): readonly string[] {
  return (entry.body['because_of'] ?? []) as readonly string[];
}
