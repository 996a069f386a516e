import type { Command } from 'commander';
import { numberOption } from './arguments.ts';
import type { HistoryRequest } from './history.ts';

export interface SimulationOptions {
  readonly days?: string;
  readonly scale?: string;
  readonly seed?: string;
}

const daysMax = 1_200;
const scaleMax = 10_000;

/** Adds the options that say which store is made. */
export function simulationOptions(command: Command): Command {
  return command
    .option('--days <days>', 'days of history, ending yesterday (default: 30)')
    .option('--scale <factor>', 'size of the store; 1 is about 2,000 readers (default: 1, or what is there)')
    .option('--seed <number>', 'the same seed makes the same store (default: 1, or what is there)');
}

/** Errors: `argument_invalid`. */
export function simulationOf({ days, scale, seed }: SimulationOptions): HistoryRequest {
  return {
    ...(days === undefined ? {} : { days: numberOption('days', days, { from: 1, to: daysMax }) }),
    ...(scale === undefined
      ? {}
      : { scale: numberOption('scale', scale, { from: 0.01, to: scaleMax, whole: false }) }),
    ...(seed === undefined ? {} : { seed: numberOption('seed', seed, { from: 0, to: 2 ** 31 }) }),
  };
}
