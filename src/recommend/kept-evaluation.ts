import { hashJson, parseDay } from '../base/index.ts';
import type { Edition, EditionPart, ServingStore } from '../serving/index.ts';
import type { Evaluation, EvaluationRow, Measured } from './evaluate.ts';
import { type Recommender, ruleVersion } from './recommender.ts';

/** Evaluations are kept as the editions of a statistic of this name, one for each last day of a test. */
const name = 'recommender_evaluation';
const aboutPart = 'about';
const rowsPart = 'rows';
const rowsMax = 200;

/** A kept evaluation with the edition that it is read from. */
export interface KeptEvaluation {
  readonly edition: Edition;
  readonly evaluation: Evaluation;
}

/** Keeps an evaluation, so that others see it without making it again. */
export async function keepEvaluation(options: {
  readonly evaluation: Measured;
  readonly recommenders: readonly Recommender[];
  readonly store: ServingStore;
  readonly codeVersion: string;
  readonly token: number;
}): Promise<Edition> {
  const { rows, inputs, ...about } = options.evaluation;
  const parts: readonly EditionPart[] = [
    { part: aboutPart, entries: [{ key: name, body: { ...about } }] },
    { part: rowsPart, entries: rows.map((row) => ({ key: row.recommender, body: { ...row } })) },
  ];
  return await options.store.publish({
    kind: 'statistic',
    name,
    business_day: about.testTo,
    inputs,
    rule_version: hashJson({ k: about.k, rules: options.recommenders.map(ruleVersion) }).slice(0, 16),
    code_version: options.codeVersion,
    counts: { recommenders: rows.length, readers: about.readers },
    parts,
    token: options.token,
  });
}

/** The evaluation of the newest days that was kept; undefined when there is none. */
export async function readEvaluation(store: ServingStore): Promise<KeptEvaluation | undefined> {
  const edition = await store.current('statistic', name);
  if (edition === undefined) return undefined;
  const about = await store.entry(edition.id, aboutPart, name);
  const rows = await store.read(edition.id, rowsPart, { from: 0, limit: rowsMax });
  if (about === undefined || rows === undefined) return undefined;
  const { trainTo, testTo, ...rest } = about.entry.body as unknown as Omit<Evaluation, 'rows'>;
  return {
    edition,
    evaluation: {
      ...rest,
      trainTo: parseDay(trainTo),
      testTo: parseDay(testTo),
      rows: rows.entries.map(({ body }) => body as unknown as EvaluationRow),
    },
  };
}
