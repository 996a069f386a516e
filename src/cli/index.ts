/** What a task file of a project gets: the platform with all of its parts. */
export type { Platform } from './platform.ts';
export { createProgram } from './program.ts';
