export { sealDay, type SealCounts, type SealOptions } from './seal-day.ts';
