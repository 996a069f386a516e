export { controlSum, totalsDifference, type ControlTotals } from './control-totals.ts';
export { sourceFolder } from './file-set.ts';
export { extractSource, sourceTables, sourceTotals, type SourceContext, type SourceTable } from './source.ts';
