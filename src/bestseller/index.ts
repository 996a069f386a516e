/** Bestseller lists: declared in YAML, counted in SQL over sealed days, checked, published, explained. */
export { bestsellerTasks, isCurrent, type BestsellerTasksOptions } from './tasks.ts';
export { splitChange, type ChangeParts, type RankedCount } from './change.ts';
export { explainRank, titleLines, type Explained } from './explain.ts';
export { publishList, type ComputeOptions } from './compute.ts';
export { listSchema, parseList, ruleVersion, type BestsellerList, type ListWindow } from './list.ts';
export { windowOf, type DayRange } from './window.ts';
export type { RankExplanation } from './entry.ts';
export type { SalesWarehouse } from './warehouse.ts';
