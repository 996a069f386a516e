export { assertBuilt } from './assert-built.ts';
export {
  buildModel,
  dailyInputs,
  isModelBuilt,
  modelSql,
  modelTable,
  readsItself,
  unbuiltDays,
  type BuildOptions,
} from './build-model.ts';
export { loadModels, type ModelSet } from './load-models.ts';
export { parseModel, type ColumnTest, type Model, type ModelColumn } from './model.ts';
export type { Macros } from './functions.ts';
