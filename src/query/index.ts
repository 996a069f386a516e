/** SQL for analysts: one read-only statement over the tables. */
export { runGated, type GateOptions, type GateResult } from './gate.ts';
export {
  openQueries,
  type Queries,
  type QueriesOptions,
  type QueryAnswer,
  type QueryRequest,
  type QueryTable,
} from './queries.ts';
export { parameterTypes, type ParameterType, type StatementParameter } from './statement-parameters.ts';
