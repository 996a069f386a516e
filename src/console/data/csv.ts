/** A cell as it is exported. */
export type Cell = string | number | boolean | null | undefined;

const formulaStart = /^[=+\-@\t\r]/;

/**
 * CSV as spreadsheet programs read it: a byte order mark for Korean text, no cell that begins as a formula.
 */
export function csvOf(head: readonly string[], rows: readonly (readonly Cell[])[]): Blob {
  const text = [head, ...rows].map((row) => row.map(csvCell).join(',')).join('\r\n');
  return new Blob([`﻿${text}\r\n`], { type: 'text/csv;charset=utf-8' });
}

/** Cells separated by tabs, for the clipboard. */
export function tsvOf(rows: readonly (readonly Cell[])[]): string {
  return rows
    .map((row) => row.map((cell) => String(cell ?? '').replace(/[\t\r\n]+/g, ' ')).join('\t'))
    .join('\n');
}

function csvCell(cell: Cell): string {
  if (cell === null || cell === undefined) return '';
  if (typeof cell !== 'string') return String(cell);
  const safe = formulaStart.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
