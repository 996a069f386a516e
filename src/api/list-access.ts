import { OctavoError, suggestion, type Text } from '../base/index.ts';
import type { Edition, ServingStore } from '../serving/index.ts';
import type { RouteContext } from './context.ts';

/** The part of a list that has every title. */
export const overall = 'all';

/** A list as the project describes it; one that is only published is called as it is. */
export function describeList(
  lists: RouteContext['lists'],
  list: string,
): {
  readonly title: Record<string, string>;
  readonly description: Text;
  readonly counts: 'buyers' | 'copies';
} {
  const known = lists.get(list);
  return {
    title: { ...(known?.title ?? { en: list }) },
    description: known?.description ?? '',
    counts: known?.count ?? 'buyers',
  };
}

/** Errors: `list_not_found`. */
export async function assertList({ lists, store }: RouteContext, list: string): Promise<void> {
  if (lists.has(list)) return;
  const published = await store.names('bestseller');
  if (published.includes(list)) return;
  const known = new Set([...lists.keys(), ...published]);
  throw new OctavoError('list_not_found', `'${list}'${suggestion(list, known)}`);
}

/** What to throw for a category that an edition does not have. */
export async function unknownCategory(
  store: ServingStore,
  edition: Edition,
  category: string,
): Promise<OctavoError> {
  const known = await store.parts(edition.id);
  return new OctavoError('category_not_found', `'${category}'${suggestion(category, known)}`);
}

/** What to throw for a title that is not on a list. */
export async function notOnList(
  store: ServingStore,
  edition: Edition,
  asked: { readonly list: string; readonly category: string; readonly id: string },
): Promise<OctavoError> {
  const parts = await store.parts(edition.id);
  if (!parts.includes(asked.category)) return unknownCategory(store, edition, asked.category);
  return new OctavoError(
    'item_not_on_list',
    `'${asked.id}' is not on '${asked.list}' (${asked.category}) of ${edition.business_day}`,
  );
}
