import type { ShopCategory, ShopDescription, ShopTitle } from '../api/index.ts';
import { currentSchema } from '../warehouse/index.ts';
import type { Platform } from './platform.ts';

type Tables = Required<Pick<ShopDescription, 'categories' | 'title' | 'findTitles'>>;
type Row = Readonly<Record<string, unknown>>;

/** Categories change seldom; they are looked up again this often. */
const keptMs = 60_000;

/** The shop's categories and titles, from the tables that its lists name. */
export function shopTables({
  warehouse,
  project,
  clock,
}: Pick<Platform, 'warehouse' | 'project' | 'clock'>): Partial<Tables> {
  const tables = project.lists[0]?.tables;
  if (tables === undefined) return {};
  let kept: { readonly atMs: number; readonly categories: readonly ShopCategory[] } | undefined;
  const rowsOf = async (table: string, sql: string, parameters = {}): Promise<readonly Row[]> =>
    (await warehouse.table(table)) === undefined ? [] : (await warehouse.query(sql, { parameters })).rows;
  const columnsOf = async (table: string): Promise<ReadonlySet<string>> => {
    const found = await warehouse.table(table);
    return new Set(found === undefined ? [] : currentSchema(found.metadata).fields.map(({ name }) => name));
  };
  return {
    categories: async () => {
      if (kept !== undefined && clock.now() - kept.atMs < keptMs) return kept.categories;
      const rows = await rowsOf(tables.categories, `select * from ${tables.categories}`);
      kept = { atMs: clock.now(), categories: inTreeOrder(rows.map(toCategory)) };
      return kept.categories;
    },
    title: async (itemId) => {
      const [row] = await rowsOf(
        tables.titles,
        `select * from ${tables.titles} where item_id = $id limit 1`,
        { id: itemId },
      );
      return row === undefined ? undefined : toTitle(row);
    },
    findTitles: async (text, limit) => {
      const columns = await columnsOf(tables.titles);
      const searched = ['title', 'title_en', 'author', 'author_en', 'item_id'].filter((name) =>
        columns.has(name),
      );
      if (searched.length === 0) return [];
      const found = searched.map((name) => `position($text in lower(${name})) > 0`).join(' or ');
      const first = `position($text in lower(${searched[0]})) = 1`;
      const rows = await rowsOf(
        tables.titles,
        `select * from ${tables.titles} where ${found} order by ${first} desc, length(${searched[0]}), item_id
         limit ${Math.trunc(limit)}`,
        { text: text.toLowerCase() },
      );
      return rows.map(toTitle);
    },
  };
}

function toTitle(row: Row): ShopTitle {
  const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
  return {
    item_id: String(row['item_id']),
    title: text(row['title']) ?? String(row['item_id']),
    title_en: text(row['title_en']),
    author: text(row['author']),
    author_en: text(row['author_en']),
    list_price:
      row['list_price'] === null || row['list_price'] === undefined ? null : String(row['list_price']),
  };
}

function toCategory(row: Row): ShopCategory {
  const names = { ko: row['name_ko'] ?? row['name'], en: row['name_en'] ?? row['name'] };
  const title = Object.entries(names).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  const parent = row['parent_id'];
  return {
    id: String(row['category_id']),
    title: Object.fromEntries(title),
    parent: typeof parent === 'string' && parent !== '' ? parent : null,
  };
}

/** Every category behind the one above it. */
function inTreeOrder(categories: readonly ShopCategory[]): readonly ShopCategory[] {
  const known = new Set(categories.map(({ id }) => id));
  const below = (parent: string | null): readonly ShopCategory[] =>
    categories
      .filter((one) => (one.parent !== null && known.has(one.parent) ? one.parent : null) === parent)
      .toSorted((a, b) => (a.id < b.id ? -1 : 1))
      .flatMap((one) => [one, ...below(one.id)]);
  return below(null);
}
