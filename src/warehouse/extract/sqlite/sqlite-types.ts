import { quoteName } from '../../duckdb/types.ts';
import type { DatabaseColumn } from '../database-port.ts';

/** How a column comes over: by SQLite's own rule of affinity, with the widths that hold every value. */
export function sqliteColumn(name: string, declared: string): DatabaseColumn {
  const { type, order } = mappingOf(declared.toUpperCase());
  const load = (text: string): string => (type === 'BLOB' ? `unhex(${text})` : `cast(${text} as ${type})`);
  const column = { name, declared, type, select: quoteName(name), load, order };
  // Times are texts in ISO 8601.
  return order === 'text' ? { ...column, clock: 'text' } : column;
}

function mappingOf(type: string): Pick<DatabaseColumn, 'type' | 'order'> {
  const decimal = /(?:DECIMAL|NUMERIC)\s*\(\s*(\d+)\s*,\s*(\d+)\s*\)/.exec(type);
  if (decimal !== null) return { type: `DECIMAL(${decimal[1]},${decimal[2]})`, order: 'number' };
  if (type.includes('INT')) return { type: 'BIGINT', order: 'number' };
  if (/CHAR|CLOB|TEXT/.test(type) || type === '') return { type: 'VARCHAR', order: 'text' };
  if (type.includes('BLOB')) return { type: 'BLOB', order: 'binary' };
  const isNumber = /REAL|FLOA|DOUB|NUMERIC|DECIMAL/.test(type);
  return isNumber ? { type: 'DOUBLE', order: 'number' } : { type: 'VARCHAR', order: 'text' };
}

/** A value as the text that `sqliteColumn` loads. Bytes are hexadecimal in a column of bytes, else text in UTF-8. */
export function sqliteText(value: unknown, isBlob: boolean): string | null {
  if (value === null || value === undefined) return null;
  if (value instanceof Uint8Array)
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString(isBlob ? 'hex' : 'utf8');
  const text = String(value);
  return isBlob ? Buffer.from(text).toString('hex') : text;
}
