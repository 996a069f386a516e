import type { BusinessDay } from '../../base/index.ts';

/** A source's own totals of one table and day: rows, and the sums of its control columns as exact decimals in text. */
export interface ControlTotals {
  /** `raw.shop_orders`. */
  readonly table: string;
  readonly day: BusinessDay;
  readonly rows: number;
  readonly sums: Readonly<Record<string, string>>;
}
