import { join } from 'node:path';
import { OctavoError, suggestion, type BusinessDay, type Storage } from '../../base/index.ts';
import type { ServingStore } from '../../serving/index.ts';
import type { Warehouse } from '../../warehouse/index.ts';
import type { Metric } from '../metric.ts';
import { loadCalendar, tableAnnotations, type PageCalendar } from './annotations.ts';
import type { Annotation, BlockAnswer, BlockOutcome, ValueAnswer } from './answer.ts';
import { answerBlock, answerValue } from './answer-page.ts';
import { titleOf, type Answering } from './answering.ts';
import { settleControls, type ChosenControls, type Controls } from './controls.ts';
import { koreanHolidays, ownHolidays } from './holidays.ts';
import { MetricValues } from './metric-values.ts';
import type { Page, PageProblem } from './page.ts';
import { parsePage } from './parse-page.ts';
import { PageQueries, type QueryAnswer, type RunQuery } from './run-query.ts';
import type { Text } from './spec.ts';

/** What is offered for a choice. */
export interface ChoiceOption {
  readonly value: string;
  /** Null: the member's label, or itself. */
  readonly label: Text | null;
}

/** Everything that a page shows for the chosen controls. */
export interface PageData {
  readonly page: string;
  /** Of the page's file. */
  readonly version: string;
  readonly controls: Controls;
  /** The last day that is published, and the one that should be. */
  readonly newest: BusinessDay;
  readonly expected: BusinessDay;
  readonly published_at: string;
  readonly options: Readonly<Record<string, readonly ChoiceOption[]>>;
  readonly labels: Readonly<Record<string, Text>>;
  readonly blocks: Readonly<Record<string, BlockOutcome>>;
  readonly values: Readonly<Record<string, ValueAnswer>>;
  /** What is wrong beyond single blocks. */
  readonly problems: readonly PageProblem[];
}

/** What pages are read and answered from. */
export interface PagesOptions {
  /** The project's `pages/` folder. */
  readonly folder: string;
  readonly storage: Storage;
  readonly store: ServingStore;
  readonly metrics: ReadonlyMap<string, Metric>;
  readonly warehouse: Pick<Warehouse, 'pin' | 'query' | 'table'>;
  readonly runQuery: RunQuery;
  /** The last business day that is over. */
  readonly lastDay: () => BusinessDay;
}

/** The project's statistics pages. Files are read when they are asked for, so an edit shows at once. */
export class Pages {
  readonly #options: PagesOptions;
  readonly #queries: PageQueries;
  readonly #parsed = new Map<string, { readonly text: string; readonly page: Page }>();

  constructor(options: PagesOptions) {
    this.#options = options;
    this.#queries = new PageQueries(options.runQuery, options.warehouse);
  }

  /** Every page, in the order that they say. */
  async list(): Promise<readonly Page[]> {
    const pages = await Promise.all((await this.#names()).map((name) => this.#read(name)));
    return pages.toSorted((a, b) => a.order - b.order || (a.name < b.name ? -1 : 1));
  }

  /** Errors: `page_not_found`. */
  async page(name: string): Promise<Page> {
    const names = await this.#names();
    if (!names.includes(name)) throw new OctavoError('page_not_found', `'${name}'${suggestion(name, names)}`);
    return this.#read(name);
  }

  /** Everything of a page. Errors: `page_not_found`, `argument_invalid`, `edition_not_found` while nothing is published. */
  async data(name: string, chosen: ChosenControls, signal?: AbortSignal): Promise<PageData> {
    const { metrics } = this.#options;
    const page = await this.page(name);
    const { answering, newest, publishedAt, problems } = await this.#answering(page, chosen, signal);
    const blocks: Record<string, BlockOutcome> = {};
    const values: Record<string, ValueAnswer> = {};
    const items = page.items.filter((item) => item.kind === 'block');
    await Promise.all([
      ...items.map(async (item) => {
        blocks[item.id] = await answerBlock(page, item, answering);
      }),
      ...[...page.values].map(async ([id, spec]) => {
        values[id] = await answerValue(page, spec, answering);
      }),
    ]);
    for (const item of page.items) if (item.kind === 'broken') blocks[item.id] = { problem: item.problem };
    const labels = { ...stepTitles(page, metrics), ...(await this.#labels(page, answering, problems)) };
    return {
      page: page.name,
      version: page.version,
      controls: answering.controls,
      newest,
      expected: this.#options.lastDay(),
      published_at: publishedAt,
      options: await this.#choices(page, answering, problems),
      labels,
      blocks: sorted(blocks),
      values: sorted(values),
      problems,
    };
  }

  /** One block's rows. Errors: as `data`, `block_not_found`, `block_broken` with file and line. */
  async block(
    name: string,
    id: string,
    chosen: ChosenControls,
    signal?: AbortSignal,
  ): Promise<{
    readonly page: Page;
    readonly answer: BlockAnswer;
    readonly controls: Controls;
    readonly labels: Readonly<Record<string, Text>>;
    readonly title: Text;
  }> {
    const page = await this.page(name);
    const item = page.items.find((each) => each.kind !== 'text' && each.id === id);
    if (item === undefined || item.kind === 'text')
      throw new OctavoError('block_not_found', `'${id}' of page '${name}'`);
    const { answering } = await this.#answering(page, chosen, signal);
    const outcome =
      item.kind === 'broken' ? { problem: item.problem } : await answerBlock(page, item, answering);
    if ('problem' in outcome) {
      const { file, line, message } = outcome.problem;
      throw new OctavoError('block_broken', `${file}:${line}: ${message}`, { details: { file, line } });
    }
    const steps = stepTitles(page, answering.metrics);
    const labels = { ...steps, ...(await this.#labels(page, answering, [])) };
    const title = item.kind === 'block' ? (item.block.title ?? page.title) : page.title;
    return { page, answer: outcome, controls: answering.controls, labels, title };
  }

  async #names(): Promise<readonly string[]> {
    const files = await this.#options.storage.list(this.#options.folder);
    return files.flatMap(({ name, directory }) => {
      const page = /^([a-z0-9][a-z0-9_-]*)\.md$/.exec(name)?.[1];
      return directory || page === undefined ? [] : [page];
    });
  }

  async #read(name: string): Promise<Page> {
    const { storage, folder, metrics } = this.#options;
    const text = (await storage.read(join(folder, `${name}.md`))).toString('utf8');
    const known = this.#parsed.get(name);
    if (known?.text === text) return known.page;
    const page = parsePage({ name, file: `pages/${name}.md`, text }, { metrics });
    this.#parsed.set(name, { text, page });
    return page;
  }

  async #answering(
    page: Page,
    chosen: ChosenControls,
    signal: AbortSignal | undefined,
  ): Promise<{
    readonly answering: Answering;
    readonly newest: BusinessDay;
    readonly publishedAt: string;
    readonly problems: PageProblem[];
  }> {
    const { store, metrics, folder, storage } = this.#options;
    const edition = await store.current('statistic', 'daily');
    if (edition === undefined)
      throw new OctavoError('edition_not_found', 'no statistics have been published yet');
    const problems: PageProblem[] = [];
    const calendar = await loadCalendar(folder, storage).catch((error: unknown): PageCalendar => {
      if (!(error instanceof OctavoError)) throw error;
      const line = Number(error.details['line'] ?? 1);
      problems.push({ file: 'pages/calendar.yaml', line, message: error.message });
      return { annotations: [], table: undefined, tableMetrics: undefined, holidays: [], country: 'KR' };
    });
    const controls = settleControls(page.controls, chosen, edition.business_day);
    const running = new Map<string, Promise<QueryAnswer>>();
    const query = (name: string): Promise<QueryAnswer> => {
      const asked = page.queries.get(name);
      if (asked === undefined) throw new OctavoError('query_invalid', `there is no SQL block '${name}'`);
      const started = running.get(name) ?? this.#queries.answer(asked, controls, signal);
      running.set(name, started);
      return started;
    };
    const answering: Answering = {
      controls,
      metrics,
      values: new MetricValues(store, metrics),
      holidays:
        calendar.country === 'KR' ? koreanHolidays(calendar.holidays) : ownHolidays(calendar.holidays),
      annotations: [...calendar.annotations, ...(await this.#annotationsOf(calendar))],
      query,
    };
    return { answering, newest: edition.business_day, publishedAt: edition.created_at, problems };
  }

  /** Kept until the table has another snapshot. */
  async #annotationsOf({ table, tableMetrics: metrics }: PageCalendar): Promise<readonly Annotation[]> {
    const { warehouse } = this.#options;
    if (table === undefined) return [];
    const pin = String((await warehouse.pin([table]))[table] ?? '');
    if (this.#annotated?.key !== `${table}@${pin}`)
      this.#annotated = { key: `${table}@${pin}`, annotations: await tableAnnotations(warehouse, table) };
    return this.#annotated.annotations.map((annotation) => ({ ...annotation, metrics }));
  }
  #annotated: { readonly key: string; readonly annotations: readonly Annotation[] } | undefined;

  async #labels(
    page: Page,
    answering: Answering,
    problems: PageProblem[],
  ): Promise<Readonly<Record<string, Text>>> {
    if (page.labelQuery === undefined) return page.labels;
    try {
      const { columns, rows } = await answering.query(page.labelQuery);
      const place = (name: string): number => columns.findIndex((column) => column.name === name);
      const [key, ko, en] = [place('key'), place('ko'), place('en')];
      const read = rows.map((row) => {
        const [korean, english] = [String(row[ko] ?? row[en] ?? ''), String(row[en] ?? row[ko] ?? '')];
        return [String(row[key] ?? ''), { ko: korean, en: english }] as const;
      });
      return { ...Object.fromEntries(read), ...page.labels };
    } catch (error) {
      if (!(error instanceof OctavoError) || error.code === 'cancelled') throw error;
      problems.push({
        file: page.file,
        line: page.queries.get(page.labelQuery)?.line ?? 1,
        message: error.message,
      });
      return page.labels;
    }
  }

  async #choices(page: Page, answering: Answering, problems: PageProblem[]): Promise<PageData['options']> {
    const options: Record<string, readonly ChoiceOption[]> = {};
    for (const choice of page.controls.choices) {
      try {
        options[choice.name] = await this.#optionsOf(choice, answering);
      } catch (error) {
        if (!(error instanceof OctavoError) || error.code === 'cancelled') throw error;
        problems.push({ file: page.file, line: 1, message: `choice '${choice.name}': ${error.message}` });
        options[choice.name] = [];
      }
    }
    return options;
  }

  async #optionsOf(
    choice: Page['controls']['choices'][number],
    { values, metrics, controls, query }: Answering,
  ): Promise<readonly ChoiceOption[]> {
    if (choice.values !== undefined) return choice.values.map((value) => ({ value, label: null }));
    const metric = choice.metric === undefined ? undefined : metrics.get(choice.metric);
    if (metric !== undefined) {
      const sums = new Map<string, number>();
      const rows = await values.series(
        { metric, by: choice.by },
        { grain: 'day', from: controls.from, to: controls.to },
      );
      for (const { member, value } of rows)
        if (member !== null && member !== '') sums.set(member, (sums.get(member) ?? 0) + (value ?? 0));
      return [...sums]
        .toSorted(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
        .map(([value]) => ({ value, label: null }));
    }
    if (choice.query === undefined) return [];
    const { columns, rows } = await query(choice.query);
    const at = (name: string): number => columns.findIndex((column) => column.name === name);
    const [value, label, ko, en] = [at('value'), at('label'), at('ko'), at('en')];
    const text = (row: readonly unknown[], place: number): string | undefined =>
      typeof row[place] === 'string' ? row[place] : undefined;
    return rows.map((row) => {
      const [korean, english] = [text(row, ko) ?? text(row, label), text(row, en) ?? text(row, label)];
      const both = korean === undefined ? undefined : { ko: korean, en: english ?? korean };
      return { value: String(row[value] ?? ''), label: both ?? null };
    });
  }
}

/** The steps of funnels are metrics, and are called as they are. */
function stepTitles(page: Page, metrics: ReadonlyMap<string, Metric>): Readonly<Record<string, Text>> {
  const steps = page.items.flatMap((item) =>
    item.kind === 'block' && item.block.kind === 'funnel' ? (item.block.steps ?? []) : [],
  );
  return Object.fromEntries(
    steps.flatMap((name) => {
      const metric = metrics.get(name);
      return metric === undefined ? [] : [[name, titleOf(metric)] as const];
    }),
  );
}

function sorted<T>(record: Readonly<Record<string, T>>): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(record).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
