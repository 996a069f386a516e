import type { DatabaseColumn } from './database-port.ts';

/** How values of a type come over; without `select` the column is read as it is. */
export type ColumnMapping = Omit<DatabaseColumn, 'name' | 'declared' | 'select'> & {
  readonly select?: string;
};

/** Most digits of a decimal in the warehouse. */
export const decimalDigitsMax = 38;

/** Reads the text as a type of the engine. */
export function cast(type: string): (text: string) => string {
  return (text) => `cast(${text} as ${type})`;
}

/** A number, which sorts alike on both sides. */
export function number(type: string): ColumnMapping {
  return { type, load: cast(type), order: 'number' };
}

/** A text as it is written. */
export const text: ColumnMapping = { type: 'VARCHAR', load: (value) => value, order: 'text' };

/** A text whose column sorts otherwise than what is read, so that it is no cursor. */
export const unordered: ColumnMapping = { ...text, order: 'none' };
