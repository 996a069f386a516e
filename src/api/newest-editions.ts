import { editionKinds, type Edition, type EditionKind, type ServingStore } from '../serving/index.ts';
import type { ListDescription } from './context.ts';
import type { EditionSummary } from './status-schemas.ts';

/** The editions that were published last, of every kind and name. */
export async function newestEditions(
  context: { readonly store: ServingStore; readonly lists: ReadonlyMap<string, ListDescription> },
  options: { readonly limit: number; readonly kind?: EditionKind },
): Promise<EditionSummary[]> {
  const { store, lists } = context;
  const editions: Edition[] = [];
  for (const kind of options.kind === undefined ? editionKinds : [options.kind])
    for (const name of await store.names(kind))
      editions.push(...(await store.history(kind, name, { limit: options.limit })));
  return editions
    .toSorted((a, b) => (a.created_at < b.created_at ? 1 : -1))
    .slice(0, options.limit)
    .map((edition) => ({
      edition: edition.id,
      kind: edition.kind,
      name: edition.name,
      title: { ...(edition.kind === 'bestseller' ? lists.get(edition.name)?.title : undefined) },
      business_day: edition.business_day,
      revision: edition.revision,
      published_at: edition.created_at,
      content_hash: edition.content_hash,
    }));
}
