import { OctavoError, suggestion } from '../base/index.ts';
import type { Edition, EditionEntry, ServingStore } from '../serving/index.ts';
import type { SqlValue } from '../warehouse/index.ts';
import { titleLinesSql } from './counting-sql.ts';
import { ruleVersion, type BestsellerList } from './list.ts';
import type { SalesWarehouse } from './warehouse.ts';
import { windowOf } from './window.ts';

/** A title's entry with the edition it stands in; its body carries the explanation. */
export interface Explained {
  readonly edition: Edition;
  readonly entry: EditionEntry;
}

/**
 * Why a title has its rank: the stored explanation.
 * Errors: `edition_not_found`, `category_not_found`, `item_not_on_list`.
 */
export async function explainRank(options: {
  readonly store: ServingStore;
  readonly list: string;
  /** Default `all`. */
  readonly category?: string;
  readonly itemId: string;
  /** Edition id; default the newest. */
  readonly edition?: string;
}): Promise<Explained> {
  const { store, list, itemId, category = 'all' } = options;
  const edition = await (options.edition === undefined
    ? store.current('bestseller', list)
    : store.edition(options.edition));
  if (edition?.kind !== 'bestseller' || edition.name !== list) {
    throw new OctavoError(
      'edition_not_found',
      `list '${list}'${options.edition === undefined ? '' : `, ${options.edition}`}`,
    );
  }
  const found = await store.entry(edition.id, category, itemId);
  if (found !== undefined) return { edition, entry: found.entry };
  const parts = await store.parts(edition.id);
  if (!parts.includes(category))
    throw new OctavoError('category_not_found', `'${category}'${suggestion(category, parts)}`);
  throw new OctavoError(
    'item_not_on_list',
    `'${itemId}' is not on '${list}' (${category}) of ${edition.business_day}`,
  );
}

/**
 * The lines of one title in an edition's window, as they were in the edition's snapshots: what of each
 * counted, was refunded or was a repeat, and why not. Buyers are not among the columns.
 * Errors: `edition_not_found`, `list_invalid` when the list's rules have changed since.
 */
export async function titleLines(options: {
  readonly store: ServingStore;
  readonly warehouse: SalesWarehouse;
  readonly list: BestsellerList;
  readonly itemId: string;
  /** Edition id. */
  readonly edition: string;
  readonly signal?: AbortSignal;
}): Promise<readonly Readonly<Record<string, SqlValue>>[]> {
  const { store, warehouse, list, itemId } = options;
  const edition = await store.edition(options.edition);
  if (edition?.kind !== 'bestseller' || edition.name !== list.id) {
    throw new OctavoError('edition_not_found', `list '${list.id}', ${options.edition}`);
  }
  if (edition.rule_version !== ruleVersion(list)) {
    throw new OctavoError(
      'list_invalid',
      `edition ${edition.id} was counted by rules ${edition.rule_version}, '${list.id}' has others now`,
    );
  }
  const pins = Object.fromEntries(
    [list.tables.lines, list.tables.refunds].map((table) => [table, BigInt(edition.inputs[table] ?? '0')]),
  );
  const window = windowOf(warehouse.calendar, list.window, edition.business_day);
  const { rows } = await warehouse.query(titleLinesSql(list, window, itemId), {
    pins,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  return rows;
}
