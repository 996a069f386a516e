import { suggestion } from '../../base/index.ts';
import type { Metric } from '../metric.ts';
import type { PageQuery } from './page.ts';
import type { BlockSpec } from './spec.ts';

/** What a block refers to. */
interface Known {
  readonly metrics: ReadonlyMap<string, Metric>;
  readonly queries: ReadonlyMap<string, PageQuery>;
}

/** What is wrong with a block, and the word it stands at. */
interface Fault {
  readonly about: string;
  readonly at?: string;
}

/** Checks a block's names against the metrics and the page's queries. */
export function checkBlock(block: BlockSpec, known: Known): Fault | undefined {
  const query = 'query' in block ? block.query : undefined;
  const metrics = metricsOf(block);
  if (query !== undefined && !known.queries.has(query)) {
    return { about: `there is no SQL block '${query}'${suggestion(query, known.queries.keys())}`, at: query };
  }
  if (query !== undefined && metrics.length > 0)
    return { about: 'a block shows metrics or a query, not both', at: 'query' };
  if (query === undefined && metrics.length === 0)
    return { about: `a ${block.kind} block needs metrics or a query` };
  const by = 'by' in block ? block.by : undefined;
  const filter = 'filter' in block ? block.filter : undefined;
  if (by !== undefined && filter !== undefined)
    return {
      about: 'by and filter exclude each other: aggregates are kept for one dimension at a time',
      at: 'filter',
    };
  if (by !== undefined && metrics.length > 1 && block.kind !== 'table')
    return { about: 'by takes one metric', at: 'by' };
  for (const name of metrics) {
    const fault = checkMetric(name, { by, filter, metrics: known.metrics });
    if (fault !== undefined) return fault;
  }
  for (const number of block.kind === 'numbers' ? block.numbers : []) {
    const fault = checkMetric(number.metric, { filter: number.filter, metrics: known.metrics });
    if (fault !== undefined) return fault;
  }
  const axes = block.kind === 'line' || block.kind === 'bar' || block.kind === 'stacked';
  if (axes && query !== undefined && (block.x === undefined || block.y === undefined))
    return { about: 'a query needs x and y: the names of its columns', at: 'query' };
  if (block.kind === 'heat' && query !== undefined && [block.x, block.y, block.value].includes(undefined))
    return { about: 'a query needs x, y and value: the names of its columns', at: 'query' };
  return undefined;
}

function metricsOf(block: BlockSpec): readonly string[] {
  switch (block.kind) {
    case 'numbers':
      return block.numbers.map(({ metric }) => metric);
    case 'funnel':
      return block.steps ?? [];
    case 'cohort':
      return [];
    case 'heat':
      return block.metric === undefined ? [] : [block.metric];
    case 'table':
      return block.metrics ?? [];
    case 'line':
    case 'bar':
    case 'stacked':
      return [...(block.metric === undefined ? [] : [block.metric]), ...(block.metrics ?? [])];
  }
}

function checkMetric(
  name: string,
  {
    by,
    filter,
    metrics,
  }: {
    readonly by?: string | undefined;
    readonly filter?: Readonly<Record<string, string>> | undefined;
    readonly metrics: Known['metrics'];
  },
): Fault | undefined {
  const metric = metrics.get(name);
  if (metric === undefined)
    return { about: `there is no metric '${name}'${suggestion(name, metrics.keys())}`, at: name };
  const dimensions = [...(by === undefined ? [] : [by]), ...Object.keys(filter ?? {})];
  if (Object.keys(filter ?? {}).length > 1)
    return { about: 'a filter takes one dimension: aggregates are kept for one at a time', at: 'filter' };
  const wrong = dimensions.find((dimension) => !metric.dimensions.includes(dimension));
  if (wrong === undefined) return undefined;
  return { about: `'${name}' has no dimension '${wrong}'${suggestion(wrong, metric.dimensions)}`, at: wrong };
}
