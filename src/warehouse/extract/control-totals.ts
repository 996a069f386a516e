import type { BusinessDay } from '../../base/index.ts';
import { quoteName } from '../duckdb/types.ts';

/** Totals of one table and day: rows, and the sums of its control columns as exact decimals in text. */
export interface ControlTotals {
  /** `raw.shop_orders`. */
  readonly table: string;
  readonly day: BusinessDay;
  readonly rows: number;
  /** By column, with four places: `12.5000`. */
  readonly sums: Readonly<Record<string, string>>;
}

/** A column summed in SQL as `ControlTotals` has it. */
export function controlSum(column: string): string {
  return `cast(coalesce(sum(cast(${quoteName(column)} as decimal(38, 4))), cast(0 as decimal(38, 4))) as varchar)`;
}

/** What differs between two totals of the same table and day, for people; empty when they agree. */
export function totalsDifference(expected: ControlTotals, found: ControlTotals): readonly string[] {
  const differences =
    expected.rows === found.rows ? [] : [`${expected.rows} rows in the source, ${found.rows} in the table`];
  for (const [column, sum] of Object.entries(expected.sums)) {
    const other = found.sums[column] ?? '0.0000';
    if (sum !== other) differences.push(`${column} is ${sum} in the source, ${other} in the table`);
  }
  return differences;
}
