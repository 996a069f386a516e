/** Recommenders: personal lists, related titles and popularity, their editions and their offline evaluation. */
export { recommend, type Recommended } from './compute.ts';
export { assembleData, type RecommendData, type TitleColumns } from './data.ts';
export { evaluate, evaluateData, type Evaluation, type EvaluationRow, type Measured } from './evaluate.ts';
export { keepEvaluation, readEvaluation, type KeptEvaluation } from './kept-evaluation.ts';
export { evaluationTasks, splitOf } from './evaluation-task.ts';
export { printEvaluation } from './evaluation-table.ts';
export type { InteractionColumns } from './interactions.ts';
export type { Interval } from './interval.ts';
export { type RecommendWarehouse } from './load.ts';
export { popularPart, readerPart, relatedPart, titlesPart } from './parts.ts';
export { publishRecommender, type PublishOptions } from './publish.ts';
export { algorithmParameters, algorithms, type Algorithm } from './parameters.ts';
export { defineRecommender, type Recommender, type RecommenderSpec } from './recommender.ts';
export { reasonText, relatedText } from './reason-text.ts';
export { recommendTasks, type RecommendTasksOptions } from './tasks.ts';
