import {
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBListValue,
  DuckDBArrayValue,
  DuckDBMapValue,
  DuckDBStructValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBTypeId,
  DuckDBListType,
  listValue,
  structValue,
  type DuckDBDataChunk,
  type DuckDBType,
  type DuckDBValue,
} from '@duckdb/node-api';
import type { SqlValue } from '../engine-port.ts';

/**
 * A DuckDB value as the port gives it: integers as numbers where they are exact and bigint beyond,
 * decimals, uuids, dates (`YYYY-MM-DD`), times and intervals as text, instants as Date (milliseconds),
 * lists as arrays, structs as objects, maps as lists of `{ key, value }`.
 */
export function toSqlValue(value: DuckDBValue): SqlValue {
  if (value === null || typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string')
    return value;
  if (typeof value === 'bigint') return exactNumber(value);
  if (value instanceof DuckDBTimestampTZValue || value instanceof DuckDBTimestampValue)
    return instantOf(value);
  if (value instanceof DuckDBListValue || value instanceof DuckDBArrayValue)
    return value.items.map(toSqlValue);
  if (value instanceof DuckDBStructValue) {
    return Object.fromEntries(
      Object.entries(value.entries).map(([name, inner]) => [name, toSqlValue(inner)]),
    );
  }
  if (value instanceof DuckDBMapValue) {
    return value.entries.map((entry) => ({ key: toSqlValue(entry.key), value: toSqlValue(entry.value) }));
  }
  if (value instanceof DuckDBDecimalValue) return value.toString();
  return String(value);
}

function exactNumber(value: bigint): number | bigint {
  return value >= -9007199254740991n && value <= 9007199254740991n ? Number(value) : value;
}

function instantOf(value: DuckDBTimestampTZValue | DuckDBTimestampValue): SqlValue {
  const milliseconds =
    Number(value.micros / 1000n) - (value.micros < 0n && value.micros % 1000n !== 0n ? 1 : 0);
  return Math.abs(milliseconds) <= 8.64e15 ? new Date(milliseconds) : value.toString();
}

/** A parameter's value as DuckDB binds it; a Date becomes an instant, a number with a fraction a double. */
export function toParameter(value: SqlValue): DuckDBValue {
  if (value === null || typeof value !== 'object') {
    return typeof value === 'number' && Number.isInteger(value) && Math.abs(value) > 2 ** 31 - 1
      ? BigInt(value)
      : value;
  }
  if (value instanceof Date) return new DuckDBTimestampTZValue(BigInt(value.getTime()) * 1000n);
  if (Array.isArray(value)) return listValue((value as readonly SqlValue[]).map(toParameter));
  return structValue(
    Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, toParameter(inner)])),
  );
}

/** The type to bind an empty list with, which DuckDB cannot guess. */
export function parameterType(value: SqlValue, text: DuckDBType): DuckDBType | undefined {
  return Array.isArray(value) && value.length === 0 ? new DuckDBListType(text) : undefined;
}

/**
 * One column of a chunk for numeric work. Doubles, decimals, 128-bit integers and instants (epoch
 * milliseconds) become doubles, with NaN for null; integers keep their width unless they hold a
 * null, which makes them doubles too; booleans are 0 and 1; everything else is text.
 */
export function toColumn(
  chunk: DuckDBDataChunk,
  index: number,
): Float64Array | BigInt64Array | Int32Array | readonly (string | null)[] {
  const vector = chunk.getColumnVector(index);
  const count = chunk.rowCount;
  const typeId = vector.type.typeId;
  const raw = vector as unknown as RawVector;
  const nulls = nullsOf(raw, count);
  if (typeId === DuckDBTypeId.DOUBLE || typeId === DuckDBTypeId.FLOAT) {
    return withNulls(Float64Array.from(raw.items as Float64Array), nulls);
  }
  if (
    typeId === DuckDBTypeId.INTEGER ||
    typeId === DuckDBTypeId.SMALLINT ||
    typeId === DuckDBTypeId.TINYINT
  ) {
    const items = raw.items as Int32Array;
    return nulls === undefined ? Int32Array.from(items) : withNulls(Float64Array.from(items), nulls);
  }
  if (typeId === DuckDBTypeId.BIGINT) {
    const items = raw.items as BigInt64Array;
    return nulls === undefined ? items.slice() : withNulls(Float64Array.from(items, Number), nulls);
  }
  if (typeId === DuckDBTypeId.TIMESTAMP_TZ || typeId === DuckDBTypeId.TIMESTAMP) {
    return withNulls(
      Float64Array.from(raw.items as BigInt64Array, (micros) => Math.floor(Number(micros) / 1000)),
      nulls,
    );
  }
  if (typeId === DuckDBTypeId.BOOLEAN) {
    const items = Float64Array.from({ length: count }, (_, row) => (vector.getItem(row) === true ? 1 : 0));
    return nulls === undefined ? Int32Array.from(items) : withNulls(items, nulls);
  }
  if (numericTypes.has(typeId)) {
    return Float64Array.from({ length: count }, (_, row) => {
      const value = vector.getItem(row);
      return value === null
        ? Number.NaN
        : value instanceof DuckDBDecimalValue
          ? value.toDouble()
          : Number(value);
    });
  }
  if (typeId === DuckDBTypeId.DATE) {
    const known = new Map<number, string>();
    const items = raw.items as Int32Array;
    return Array.from({ length: count }, (_, row) => {
      if (nulls?.[row] === 1) return null;
      const days = items[row] as number;
      const text = known.get(days) ?? new DuckDBDateValue(days).toString();
      known.set(days, text);
      return text;
    });
  }
  return Array.from({ length: count }, (_, row) => {
    const value = toSqlValue(vector.getItem(row));
    return value === null || typeof value === 'string' ? value : JSON.stringify(value);
  });
}

interface RawVector {
  readonly items?: ArrayLike<unknown>;
  readonly validity?: { itemValid(index: number): boolean; readonly data?: unknown };
}

const numericTypes = new Set<number>([
  DuckDBTypeId.DECIMAL,
  DuckDBTypeId.HUGEINT,
  DuckDBTypeId.UHUGEINT,
  DuckDBTypeId.UBIGINT,
  DuckDBTypeId.UINTEGER,
  DuckDBTypeId.USMALLINT,
  DuckDBTypeId.UTINYINT,
]);

function nullsOf(vector: RawVector, count: number): Uint8Array | undefined {
  const validity = vector.validity;
  if (validity?.data === null || validity?.data === undefined) return undefined;
  let any = false;
  const nulls = new Uint8Array(count);
  for (let row = 0; row < count; row++) {
    if (validity.itemValid(row)) continue;
    nulls[row] = 1;
    any = true;
  }
  return any ? nulls : undefined;
}

function withNulls(column: Float64Array, nulls: Uint8Array | undefined): Float64Array {
  if (nulls !== undefined)
    for (let row = 0; row < nulls.length; row++) if (nulls[row] === 1) column[row] = Number.NaN;
  return column;
}
