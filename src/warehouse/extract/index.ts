export { inspectServer, type InspectedTable } from './inspect-source.ts';
export { controlSum, totalsDifference, type ControlTotals } from './control-totals.ts';
export { rejectedColumns } from './rejected-rows.ts';
export { sourceFolder } from './file-set.ts';
export {
  extractSource,
  sourceTables,
  sourceTotals,
  sourceUnits,
  type SourceContext,
  type SourceTable,
  type SourceUnit,
} from './source.ts';
