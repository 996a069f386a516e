/** Recommenders: personal lists, related titles and popularity, their editions and their offline evaluation. */
export { evaluate, printEvaluation, type Evaluation, type EvaluationRow } from './evaluate.ts';
export { type RecommendWarehouse } from './load.ts';
export { popularPart, readerPart, relatedPart, titlesPart } from './parts.ts';
export { publishRecommender, type PublishOptions } from './publish.ts';
export { algorithmParameters, algorithms, defineRecommender, type Algorithm, type Recommender, type RecommenderSpec } from './recommender.ts';
export { recommendTasks, type RecommendTasksOptions } from './tasks.ts';
export { measureRecommend, type Measurement } from './measure.ts';
