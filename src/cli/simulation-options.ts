import type { Command } from 'commander';
import { OctavoError } from '../base/index.ts';
import type { HistoryRequest } from './history.ts';

export interface SimulationOptions {
  readonly days: string;
  readonly scale: string;
  readonly seed: string;
}

const daysMax = 1_200;
const scaleMax = 10_000;

/** Adds the options that say which store is made. */
export function simulationOptions(command: Command): Command {
  return command
    .option('--days <days>', 'days of history, ending yesterday', '30')
    .option('--scale <factor>', 'size of the store; 1 is about 2,000 readers', '1')
    .option('--seed <number>', 'the same seed makes the same store', '1');
}

/** Errors: `argument_invalid`. */
export function simulationOf(options: SimulationOptions): HistoryRequest {
  return {
    days: numberOf('days', options.days, { from: 1, to: daysMax, whole: true }),
    scale: numberOf('scale', options.scale, { from: 0.01, to: scaleMax, whole: false }),
    seed: numberOf('seed', options.seed, { from: 0, to: 2 ** 31, whole: true }),
  };
}

function numberOf(
  name: string,
  text: string,
  range: { readonly from: number; readonly to: number; readonly whole: boolean },
): number {
  const value = Number(text);
  const fits =
    text.trim() !== '' &&
    value >= range.from &&
    value <= range.to &&
    (!range.whole || Number.isInteger(value));
  if (fits) return value;
  const kind = range.whole ? 'a whole number' : 'a number';
  throw new OctavoError(
    'argument_invalid',
    `--${name} is '${text}', expected ${kind} from ${range.from} to ${range.to}`,
  );
}
