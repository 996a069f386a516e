import { OctavoError, hashJson, type BusinessDay } from '../base/index.ts';
import type { Edition, EditionDraft, ServingStore } from '../serving/index.ts';
import { assertBuilt, type Pins } from '../warehouse/index.ts';
import { checkResult, type CountingResult } from './checks.ts';
import { aboutSql, countingSql, readsSql, recountSql } from './counting-sql.ts';
import { toCountedTitle, type CountedTitle } from './counted-title.ts';
import { editionParts, partNames } from './edition-parts.ts';
import type { PreviousEntry } from './entry.ts';
import { ruleVersion, type BestsellerList } from './list.ts';
import type { NewestEntries } from './newest-entries.ts';
import type { SalesSession, SalesWarehouse } from './warehouse.ts';
import { windowOf, type DayRange } from './window.ts';

/** What an edition of a list is made with. */
export interface ComputeOptions {
  readonly list: BestsellerList;
  readonly day: BusinessDay;
  readonly warehouse: SalesWarehouse;
  readonly store: ServingStore;
  /** Fencing token of the lease. */
  readonly token: number;
  readonly codeVersion: string;
  /** Contents to read. Default: the tables as they are now. */
  readonly pins?: Pins;
  /** What was published last is taken from here, and given to it. Default: read from the store. */
  readonly newest?: NewestEntries;
  readonly signal?: AbortSignal;
}

/**
 * Counts, checks and publishes one edition of a list. Equal inputs and rules give the same edition.
 * Errors: `day_not_sealed`, `list_check_failed`, `fenced`, and the engine's.
 */
export async function publishList(options: ComputeOptions): Promise<Edition> {
  const { list, day, warehouse, store } = options;
  const window = windowOf(warehouse.calendar, list.window, day);
  await assertSealed(warehouse, list, window);
  for (const table of [list.tables.lines, list.tables.refunds]) await assertBuilt(warehouse, table, window);
  const tables = tablesOf(list);
  const pins = options.pins ?? (await warehouse.pin(tables));
  for (const table of tables) {
    if (pins[table] !== undefined || (await warehouse.table(table)) !== undefined) continue;
    throw new OctavoError('table_not_found', `'${table}', which list '${list.id}' reads`);
  }
  const previous = await store.current('bestseller', list.id, warehouse.calendar.addDays(day, -1));
  const query = { pins, ...(options.signal === undefined ? {} : { signal: options.signal }) };
  const result = await countList({
    list,
    window,
    warehouse,
    query,
    previousCounted: previous?.counts['counted'],
  });
  checkResult(list, result);
  const parts = partNames(result.titles, result.categories);
  const said = new Map<string, ReadonlyMap<string, PreviousEntry>>();
  const edition = await store.publish({
    kind: 'bestseller',
    name: list.id,
    business_day: day,
    inputs: {
      ...Object.fromEntries(
        tables.filter((table) => pins[table] !== undefined).map((table) => [table, String(pins[table])]),
      ),
      ...(await dayStamps(warehouse, list, window)),
      ...(previous === undefined ? {} : { [`edition:${list.id}`]: previous.content_hash }),
    },
    rule_version: ruleVersion(list),
    code_version: options.codeVersion,
    counts: {
      counted: result.totalCounted,
      titles: result.totalTitles,
      lines: result.lines,
      parts: parts.length,
      titles_unknown: result.titles.filter((title) => title.title === null).length,
    },
    parts: editionParts({ ...options, previous, parts, window, titles: result.titles, said }),
    token: options.token,
  } satisfies EditionDraft);
  options.newest?.keep(list.id, edition.id, said);
  return edition;
}

/**
 * What the day's build of the sales tables was, for each day of the window: when a day is built anew,
 * the editions that counted it are no longer current.
 */
export async function dayStamps(
  warehouse: SalesWarehouse,
  list: BestsellerList,
  window: DayRange,
): Promise<Readonly<Record<string, string>>> {
  const stamps: Record<string, string> = {};
  for (const table of [list.tables.lines, list.tables.refunds]) {
    const properties: Readonly<Record<string, string>> =
      (await warehouse.table(table))?.metadata.properties ?? {};
    const days = warehouse.calendar.range(window.from, window.to);
    stamps[`days:${table}`] = hashJson(
      days.map((day) => [day, properties[`octavo.day.${day}`] ?? null]),
    ).slice(0, 16);
  }
  return stamps;
}

type QueryLimits = { readonly pins: Pins; readonly signal?: AbortSignal };

/** What the engine found, and the categories that there are. */
interface Counted extends CountingResult {
  readonly categories: readonly string[];
}

/** Everything that the engine is asked for one edition, in one session. */
async function countList(options: {
  readonly list: BestsellerList;
  readonly window: DayRange;
  readonly warehouse: SalesWarehouse;
  readonly query: QueryLimits;
  readonly previousCounted: number | undefined;
}): Promise<Counted> {
  const { list, window, warehouse, query, previousCounted } = options;
  return warehouse.engine.session(async (session) => {
    await warehouse.prepare(session, readsSql(list, window), {
      pins: query.pins,
      // Each step would open all the files again.
      keep: { tables: [list.tables.lines, list.tables.refunds], rowsMax: keptLinesMax },
    });
    const about = (await session.query(aboutSql(list, window), { rowsMax: categoriesMax, small: true })).rows;
    const lines = Number(about[0]?.['lines'] ?? 0);
    const small = lines <= keptLinesMax;
    const { steps, select } = countingSql(list, window, { atOnce: small });
    if (steps.length > 0) await session.run(steps.join(';\n'));
    const { rows, truncated } = await session.query(select, { rowsMax: titlesMax, small });
    if (truncated) {
      throw new OctavoError(
        'list_check_failed',
        `'${list.id}' has more than ${titlesMax} titles on its parts`,
      );
    }
    const titles = rows.map(toCountedTitle);
    const checked = titles.toSorted((left, right) => right.counted - left.counted).slice(0, recountedMax);
    return {
      titles,
      totalCounted: Number(rows[0]?.['total_counted'] ?? 0),
      totalTitles: Number(rows[0]?.['total_titles'] ?? 0),
      lines,
      recount: new Map(checked.length === 0 ? [] : await recount({ list, window, session, titles: checked })),
      previousCounted,
      categories: about.flatMap((row) => (row['id'] === null ? [] : [String(row['id'])])),
    };
  }, query);
}

async function recount(options: {
  readonly list: BestsellerList;
  readonly window: DayRange;
  readonly session: SalesSession;
  readonly titles: readonly CountedTitle[];
}): Promise<readonly (readonly [string, number])[]> {
  const { list, window, session, titles } = options;
  const sql = recountSql(
    list,
    window,
    titles.map((title) => title.itemId),
  );
  const { rows } = await session.query(sql, { small: true });
  if (rows.length !== titles.length) {
    throw new OctavoError(
      'list_check_failed',
      `'${list.id}': ${titles.length} titles, the recount found ${rows.length}`,
    );
  }
  return rows.map((row) => [String(row['item_id']), Number(row['counted'])] as const);
}

/** Errors: `day_not_sealed`, naming the first open day from the beginning of the history on. */
async function assertSealed(
  warehouse: SalesWarehouse,
  list: BestsellerList,
  window: DayRange,
): Promise<void> {
  const sealed = new Set(await warehouse.sealedDays());
  const first = [...sealed].reduce((least, day) => (day < least ? day : least), window.to);
  const open = warehouse.calendar
    .range(window.from, window.to)
    .find((day) => day >= first && !sealed.has(day));
  if (open !== undefined)
    throw new OctavoError('day_not_sealed', `${open}, which list '${list.id}' of ${window.to} counts`);
}

function tablesOf(list: BestsellerList): readonly string[] {
  const { lines, refunds, titles, title_categories: members, categories } = list.tables;
  return [lines, refunds, titles, ...(list.categories === 'all' ? [members, categories] : [])];
}

const titlesMax = 2_000_000;
const recountedMax = 200;
const categoriesMax = 1_000_000;
/** Windows of at most so many lines are read once, and counted by one query. */
const keptLinesMax = 200_000;
