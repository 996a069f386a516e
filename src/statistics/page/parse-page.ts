import { hashJson, hasCode, OctavoError, parseYaml, suggestion } from '../../base/index.ts';
import { grains } from '../grain.ts';
import type { Metric } from '../metric.ts';
import { checkBlock } from './check-block.ts';
import { comparisonKinds } from './comparison.ts';
import { parseMarkdown, type FencedBlock } from './markdown.ts';
import type { Page, PageControls, PageItem, PageProblem, PageQuery, ValueSpec } from './page.ts';
import { blockKinds, blockSchemas, FrontMatter, type BlockKind, type BlockSpec } from './spec.ts';

/** A page's text and where it stands. */
export interface PageSource {
  /** The file's name without `.md`. */
  readonly name: string;
  /** Shown in errors: `pages/daily.md`. */
  readonly file: string;
  readonly text: string;
}

/** What a page may refer to. */
export interface PageSurroundings {
  readonly metrics: ReadonlyMap<string, Metric>;
}

/** Reads a page. Never throws for what the text says: a broken part becomes a broken item, with file, line and reason. */
export function parsePage(source: PageSource, surroundings: PageSurroundings): Page {
  return new PageReader(source, surroundings).read();
}

const rangesDefault = ['31d', '13w', '12m'] as const;

class PageReader {
  readonly #source: PageSource;
  readonly #surroundings: PageSurroundings;
  readonly #items: PageItem[] = [];
  readonly #queries = new Map<string, PageQuery>();
  readonly #values = new Map<string, ValueSpec>();
  readonly #problems: PageProblem[] = [];
  #blocks = 0;

  constructor(source: PageSource, surroundings: PageSurroundings) {
    this.#source = source;
    this.#surroundings = surroundings;
  }

  read(): Page {
    const { name, file, text } = this.#source;
    const { front, body, lineOffset } = splitFront(text);
    const matter = this.#readFront(front);
    let language: 'ko' | 'en' | null = null;
    const parts = parseMarkdown(body, lineOffset, (expression, line) => this.#nameValue(expression, line));
    const blocks: { readonly at: number; readonly id: string; readonly fenced: FencedBlock }[] = [];
    for (const part of parts) {
      if (part.type === 'text') this.#items.push({ kind: 'text', language, node: part.node });
      else if (part.type === 'comment') {
        if (part.text === 'ko' || part.text === 'en') language = part.text;
        else if (part.text === 'all') language = null;
      } else if (part.words[0] === 'sql') this.#readQuery(part);
      else blocks.push({ at: this.#items.length + blocks.length, id: this.#nextId(), fenced: part });
    }
    // Blocks are read after all queries, so that they may stand before what they show.
    for (const { at, id, fenced } of blocks) this.#items.splice(at, 0, this.#readBlock(id, fenced));
    this.#checkFront(matter);
    return {
      name,
      file,
      title: matter.title ?? name,
      description: matter.description,
      group: matter.group,
      order: matter.order ?? orderDefault,
      controls: toControls(matter),
      labels: matter.labels ?? {},
      labelQuery: matter.label_query,
      items: this.#items,
      queries: this.#queries,
      values: this.#values,
      problems: this.#problems,
      version: hashJson({ text, metrics: [...this.#surroundings.metrics.values()] }).slice(0, 16),
    };
  }

  #readFront(front: string): FrontMatter {
    const { file } = this.#source;
    try {
      return parseYaml({ text: front, file, schema: FrontMatter, code: 'page_invalid', lineOffset: 1 });
    } catch (error) {
      const problem = this.#noteError(error, 1);
      this.#items.push({ kind: 'broken', id: 'front', problem });
      return {};
    }
  }

  #checkFront({ controls, label_query: labelQuery }: FrontMatter): void {
    for (const choice of controls?.choices ?? []) {
      if (choice.query !== undefined) this.#checkQuery(choice.query, 1);
      const metric = choice.metric === undefined ? undefined : this.#surroundings.metrics.get(choice.metric);
      if (choice.metric !== undefined && metric === undefined)
        this.#note(1, unknownMetric(choice.metric, this.#surroundings.metrics));
      else if (metric !== undefined && !metric.dimensions.includes(choice.by ?? ''))
        this.#note(1, `choice '${choice.name}': '${metric.name}' has no dimension '${choice.by ?? ''}'`);
    }
    if (labelQuery !== undefined) this.#checkQuery(labelQuery, 1);
  }

  #checkQuery(name: string, line: number): void {
    if (!this.#queries.has(name))
      this.#note(line, `there is no SQL block '${name}'${suggestion(name, this.#queries.keys())}`);
  }

  #readQuery({ words, text, line }: FencedBlock): void {
    const name = words[1] ?? '';
    const fault = !/^[a-z][a-z0-9_]*$/.test(name)
      ? 'an SQL block needs a name: ```sql by_category'
      : this.#queries.has(name)
        ? `there are two SQL blocks '${name}'`
        : undefined;
    if (fault === undefined) this.#queries.set(name, { name, sql: text, line: line + 1 });
    else this.#items.push({ kind: 'broken', id: this.#nextId(), problem: this.#note(line, fault) });
  }

  #readBlock(id: string, { words, text, line }: FencedBlock): PageItem {
    const { file } = this.#source;
    const kind = blockKinds.find((known) => known === words[0]);
    if (kind === undefined) {
      const about = `there is no block '${words[0] ?? ''}'${suggestion(words[0] ?? '', [...blockKinds, 'sql'])}; expected ${blockKinds.join(', ')} or sql`;
      return { kind: 'broken', id, problem: this.#note(line, about) };
    }
    try {
      const spec = parseYaml({
        text,
        file,
        schema: blockSchemas[kind],
        code: 'page_invalid',
        lineOffset: line,
      });
      const block = { kind, ...spec } as BlockSpec & { readonly kind: BlockKind };
      const fault = checkBlock(block, { metrics: this.#surroundings.metrics, queries: this.#queries });
      if (fault === undefined) return { kind: 'block', id, line, block };
      const at = fault.at === undefined ? 0 : lineOf(text, fault.at);
      return { kind: 'broken', id, problem: this.#note(line + at, fault.about) };
    } catch (error) {
      return { kind: 'broken', id, problem: this.#noteError(error, line) };
    }
  }

  #nameValue(expression: string, line: number): string {
    const id = `v${this.#values.size + 1}`;
    const known = [...this.#values].find(([, spec]) => expressionOf(spec) === expression)?.[0];
    if (known !== undefined) return known;
    this.#values.set(id, parseValue(expression, line));
    return id;
  }

  #nextId(): string {
    this.#blocks++;
    return `b${this.#blocks}`;
  }

  #note(line: number, message: string): PageProblem {
    const problem = { file: this.#source.file, line, message };
    this.#problems.push(problem);
    return problem;
  }

  #noteError(error: unknown, line: number): PageProblem {
    if (!hasCode(error, 'page_invalid') || !(error instanceof OctavoError)) throw error;
    const at = Number(error.details['line'] ?? line);
    const prefix = `${this.#source.file}:${at}: `;
    const start = error.message.indexOf(prefix);
    return this.#note(at, start < 0 ? error.message : error.message.slice(start + prefix.length));
  }
}

const orderDefault = 1_000;

function splitFront(text: string): {
  readonly front: string;
  readonly body: string;
  readonly lineOffset: number;
} {
  const match = /^---\r?\n([\s\S]*?)\r?\n---[ \t]*(?:\r?\n|$)/.exec(text);
  if (match === null) return { front: '', body: text, lineOffset: 0 };
  return {
    front: match[1] ?? '',
    body: text.slice(match[0].length),
    lineOffset: match[0].split('\n').length - 1,
  };
}

function toControls({ controls = {} }: FrontMatter): PageControls {
  const range = controls.range ?? '31d';
  const ranges: readonly string[] = controls.ranges ?? rangesDefault;
  const grain = controls.grain ?? 'day';
  const offered = controls.grains ?? [grain];
  return {
    range,
    ranges: ranges.includes(range) ? ranges : [range, ...ranges],
    day: controls.day ?? false,
    grain,
    grains: offered.includes(grain) ? offered : [grain, ...offered],
    choices: controls.choices ?? [],
  };
}

/** `day`, `query.column`, or a metric with grain and comparison behind commas. */
function parseValue(expression: string, line: number): ValueSpec {
  const [first = '', ...options] = expression.split(',').map((word) => word.trim());
  if (first === 'day') return { kind: 'day', line };
  const [query = '', column] = first.split('.');
  if (column !== undefined) return { kind: 'query', query, column, line };
  return {
    kind: 'metric',
    metric: first,
    grain: grains.find((grain) => options.includes(grain)),
    compare: comparisonKinds.find((kind) => options.includes(kind)),
    line,
  };
}

function expressionOf(spec: ValueSpec): string {
  if (spec.kind === 'day') return 'day';
  if (spec.kind === 'query') return `${spec.query}.${spec.column}`;
  return [spec.metric, spec.grain, spec.compare].filter((part) => part !== undefined).join(', ');
}

/** The line, from 1, on which a word stands first. */
function lineOf(text: string, word: string): number {
  const at = text.indexOf(word);
  return at < 0 ? 0 : text.slice(0, at).split('\n').length;
}

/** Says that there is no such metric, and the nearest. */
export function unknownMetric(name: string, metrics: ReadonlyMap<string, Metric>): string {
  return `there is no metric '${name}'${suggestion(name, metrics.keys())}`;
}
