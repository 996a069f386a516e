/** SQL for analysts: one read-only statement over the tables. */
export { runGated, type GateOptions, type GateResult } from './gate.ts';
