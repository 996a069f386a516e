import { useMemo, useState } from 'react';
import type { Cell } from '../data/csv.ts';

/** By which column rows are sorted. */
export interface SortOrder {
  readonly column: string;
  readonly direction: 'ascending' | 'descending';
}

interface Sortable<R> {
  readonly id: string;
  readonly value?: (row: R) => Cell;
}

/** The rows in the reader's order; as given until he sorts. Rows without a value come last. */
export function useSorting<R>(
  rows: readonly R[],
  columns: readonly Sortable<R>[],
  first?: SortOrder,
): {
  readonly sorted: readonly R[];
  readonly order: SortOrder | undefined;
  readonly sortBy: (order: SortOrder) => void;
} {
  const [order, sortBy] = useState(first);
  const sorted = useMemo(() => {
    const value = columns.find((column) => column.id === order?.column)?.value;
    if (order === undefined || value === undefined) return rows;
    const sign = order.direction === 'ascending' ? 1 : -1;
    return rows.toSorted((one, other) => {
      const [a, b] = [value(one), value(other)];
      if (isNothing(a) || isNothing(b)) return Number(isNothing(a)) - Number(isNothing(b));
      return sign * compare(a, b);
    });
  }, [rows, columns, order]);
  return { sorted, order, sortBy };
}

const collator = new Intl.Collator(undefined, { numeric: true });

function compare(a: Cell, b: Cell): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return collator.compare(String(a), String(b));
}

function isNothing(cell: Cell): boolean {
  return cell === null || cell === undefined || cell === '';
}
