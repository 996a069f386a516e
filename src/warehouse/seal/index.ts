export { sealColumns, sealsTable } from './seal-columns.ts';
export { sealDay, type SealCounts, type SealOptions } from './seal-day.ts';
