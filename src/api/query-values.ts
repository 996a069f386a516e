import type { SheetCell } from '../statistics/index.ts';
import type { SqlValue } from '../warehouse/index.ts';

/** A value of a result as JSON has it: what JSON cannot say exactly is a text. */
export function toJsonValue(value: SqlValue): unknown {
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  if (value === null || typeof value !== 'object') return value;
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(toJsonValue);
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, toJsonValue(inner)]));
}

/** A value of a result as a cell of a CSV file. */
export function toCell(value: SqlValue): string | number | boolean | null {
  const plain = toJsonValue(value);
  return plain !== null && typeof plain === 'object'
    ? JSON.stringify(plain)
    : (plain as string | number | null);
}

/** Digits that a spreadsheet keeps of a number. */
const sheetDigitsMax = 15;

/** A value of a result as a cell of a sheet: days are days, and decimals numbers as long as none of their digits is lost. */
export function toSheetCell(value: SqlValue, type: string): SheetCell {
  const cell = toCell(value);
  if (typeof cell !== 'string') return cell;
  if (type === 'DATE') return /^\d{4}-\d\d-\d\d$/.test(cell) ? { day: cell } : cell;
  const exact = /^(DECIMAL|U?BIGINT|U?HUGEINT)/.test(type) && /^-?\d+(\.\d+)?$/.test(cell);
  return exact && cell.replace(/[-.]/g, '').length <= sheetDigitsMax ? Number(cell) : cell;
}
