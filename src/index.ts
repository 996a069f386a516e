/** What a project's own files import from `octavo`. */
export {
  defineConfig,
  type BusinessDay,
  type Calendar,
  type Config,
  type ConfigSpec,
  type Logger,
} from './base/index.ts';
export {
  defineTask,
  file,
  marker,
  target,
  warehouseDay,
  warehouseTable,
  type RunContext,
  type Target,
  type Task,
  type TaskContext,
  type TaskRef,
  type TaskSpec,
} from './batch/index.ts';
export { pixelAddress } from './collect/index.ts';
export { defineRecommender } from './recommend/index.ts';
export { ApiError, createClient, type Client } from './api/index.ts';
export type { Platform } from './cli/index.ts';
