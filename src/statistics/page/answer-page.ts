import { OctavoError } from '../../base/index.ts';
import type { BlockAnswer, BlockOutcome, ValueAnswer } from './answer.ts';
import { metricOf, Unanswerable, type Answering } from './answering.ts';
import { numberOf, answerNumbers } from './answer-numbers.ts';
import { answerSeries, placeOf } from './answer-series.ts';
import { answerCohort, answerFunnel, answerHeat } from './answer-shapes.ts';
import { answerTable } from './answer-table.ts';
import type { Page, PageProblem, ValueSpec } from './page.ts';
import type { BlockSpec } from './spec.ts';

/** Answers one block. What cannot be answered is said with file and line; the rest of the page does not mind. */
export async function answerBlock(
  page: Page,
  { block, line }: { readonly block: BlockSpec; readonly line: number },
  answering: Answering,
): Promise<BlockOutcome> {
  try {
    return await dispatch(block, answering);
  } catch (error) {
    return { problem: problemOf(page, error, { line, query: 'query' in block ? block.query : undefined }) };
  }
}

/** Answers one value inside of a text. */
export async function answerValue(page: Page, spec: ValueSpec, answering: Answering): Promise<ValueAnswer> {
  try {
    if (spec.kind === 'day') return { value: answering.controls.to, type: 'day', unit: null };
    if (spec.kind === 'query') return await queryValue(spec, answering);
    const metric = metricOf(answering, spec.metric);
    const grain = spec.grain ?? answering.controls.grain;
    const kinds = spec.compare === undefined ? [] : [spec.compare];
    const number = await numberOf(answering, { metric }, { grain, kinds });
    const [comparison] = number.comparisons;
    return comparison === undefined
      ? { value: number.value, type: 'number', unit: metric.unit }
      : { comparison, unit: metric.unit };
  } catch (error) {
    const query = spec.kind === 'query' ? spec.query : undefined;
    return { problem: problemOf(page, error, { line: spec.line, query }) };
  }
}

async function queryValue(
  { query, column }: { readonly query: string; readonly column: string },
  answering: Answering,
): Promise<ValueAnswer> {
  const { columns, rows } = await answering.query(query);
  const place = placeOf(columns, column);
  return { value: rows[0]?.[place] ?? null, type: columns[place]?.type ?? 'text', unit: null };
}

async function dispatch(block: BlockSpec, answering: Answering): Promise<BlockAnswer> {
  switch (block.kind) {
    case 'numbers':
      return answerNumbers(answering, block);
    case 'line':
    case 'bar':
    case 'stacked':
      return answerSeries(answering, block);
    case 'table':
      return answerTable(answering, block);
    case 'heat':
      return answerHeat(answering, block);
    case 'funnel':
      return answerFunnel(answering, block);
    case 'cohort':
      return answerCohort(answering, block);
  }
}

/** Only what a person can mend is said on the page; anything else is thrown. */
function problemOf(
  page: Page,
  error: unknown,
  at: { readonly line: number; readonly query: string | undefined },
): PageProblem {
  const { file } = page;
  if (error instanceof Unanswerable) return { file, line: at.line, message: error.message };
  if (!(error instanceof OctavoError) || error.code === 'internal' || error.code === 'cancelled') throw error;
  const query = at.query === undefined ? undefined : page.queries.get(at.query);
  if (query === undefined) return { file, line: at.line, message: error.message };
  const inside = Number(error.details['line'] ?? /line (\d+)/i.exec(error.message)?.[1] ?? 1);
  return { file, line: query.line + inside - 1, message: `${query.name}: ${error.message}` };
}
