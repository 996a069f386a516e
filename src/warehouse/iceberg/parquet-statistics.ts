import { compareValues, encodeValue, truncateLower, truncateUpper, type SingleValue } from './bounds.ts';
import type { DataFileInput } from './data-file.ts';
import type { IcebergType, Schema } from './metadata.ts';
import { parseValue } from './single-value.ts';

/**
 * A row of DuckDB's `parquet_metadata(file)`: one column chunk of one row group. Counts may be number or bigint.
 * The columns to select: `row_group_id, path_in_schema, num_values, stats_null_count, stats_min_value,
 * stats_max_value, total_compressed_size, dictionary_page_offset, data_page_offset`.
 */
export interface ParquetColumnChunk {
  readonly row_group_id: number | bigint;
  /** Names joined by a comma and a blank: `items, list, element, price`. */
  readonly path_in_schema: string;
  readonly num_values: number | bigint;
  readonly stats_null_count: number | bigint | null;
  readonly stats_min_value: string | null;
  readonly stats_max_value: string | null;
  readonly total_compressed_size: number | bigint;
  readonly dictionary_page_offset: number | bigint | null;
  readonly data_page_offset: number | bigint;
}

/** The statistics that a data file carries into the manifest. */
export type FileStatistics = Pick<
  DataFileInput,
  'columnSizes' | 'valueCounts' | 'nullCounts' | 'lowerBounds' | 'upperBounds' | 'splitOffsets'
>;

interface ColumnTotals {
  readonly type: string;
  readonly repeated: boolean;
  size: bigint;
  values: bigint;
  nulls: bigint | undefined;
  /** Undefined once a chunk had values but no bound. */
  lower: SingleValue | undefined;
  upper: SingleValue | undefined;
  bounded: boolean;
}

/** Sums the column chunks of one file by field id. Columns inside lists and maps get counts, but no bounds. */
export function fileStatistics(chunks: readonly ParquetColumnChunk[], schema: Schema): FileStatistics {
  const totals = new Map<number, ColumnTotals>();
  const groupOffsets = new Map<number, bigint>();
  for (const chunk of chunks) {
    const group = Number(chunk.row_group_id);
    const offset = BigInt(
      Number(chunk.dictionary_page_offset ?? 0) > 0
        ? (chunk.dictionary_page_offset as bigint)
        : chunk.data_page_offset,
    );
    const known = groupOffsets.get(group);
    groupOffsets.set(group, known === undefined || offset < known ? offset : known);
    const leaf = leafOf(schema, chunk.path_in_schema);
    if (leaf !== undefined) addChunk(totals, leaf, chunk);
  }
  const lowerBounds = new Map<number, Buffer>();
  const upperBounds = new Map<number, Buffer>();
  for (const [id, column] of totals) {
    if (!column.bounded || column.lower === undefined || column.upper === undefined) continue;
    if (column.type === 'uuid') {
      if (!sameSigns(column.lower as string, column.upper as string)) continue;
      lowerBounds.set(id, encodeValue('uuid', column.lower));
      upperBounds.set(id, encodeValue('uuid', column.upper));
      continue;
    }
    lowerBounds.set(id, encodeValue(column.type, truncateLower(column.lower)));
    const upper = truncateUpper(column.upper);
    if (upper !== undefined) upperBounds.set(id, encodeValue(column.type, upper));
  }
  const counted = [...totals].filter(([, column]) => column.nulls !== undefined);
  return {
    columnSizes: new Map([...totals].map(([id, column]) => [id, column.size])),
    valueCounts: new Map([...totals].map(([id, column]) => [id, column.values])),
    nullCounts: new Map(counted.map(([id, column]) => [id, column.nulls ?? 0n])),
    lowerBounds,
    upperBounds,
    splitOffsets: [...groupOffsets.values()].toSorted((left, right) => (left < right ? -1 : 1)),
  };
}

// Iceberg's Java library compares the halves of a uuid as signed numbers (apache/iceberg#14216): a range that
// crosses a sign would exclude, for it, uuids that it holds. Time-ordered uuids never cross one.
function sameSigns(lower: string, upper: string): boolean {
  const negative = (uuid: string, half: number): boolean => Number.parseInt(uuid[half] ?? '', 16) >= 8;
  return uuidHalves.every((half) => negative(lower, half) === negative(upper, half));
}

const uuidHalves = ['', '00000000-0000-0000-'].map((before) => before.length);

interface Leaf {
  readonly id: number;
  readonly type: string;
  readonly repeated: boolean;
}

function addChunk(totals: Map<number, ColumnTotals>, leaf: Leaf, chunk: ParquetColumnChunk): void {
  const column = totals.get(leaf.id) ?? {
    type: leaf.type,
    repeated: leaf.repeated,
    size: 0n,
    values: 0n,
    nulls: 0n,
    lower: undefined,
    upper: undefined,
    bounded: !leaf.repeated,
  };
  totals.set(leaf.id, column);
  const values = BigInt(chunk.num_values);
  column.size += BigInt(chunk.total_compressed_size);
  column.values += values;
  const nulls = chunk.stats_null_count === null ? undefined : BigInt(chunk.stats_null_count);
  column.nulls = column.nulls === undefined || nulls === undefined ? undefined : column.nulls + nulls;
  if (!column.bounded || nulls === values) return;
  const lower = chunk.stats_min_value === null ? undefined : parseValue(leaf.type, chunk.stats_min_value);
  const upper = chunk.stats_max_value === null ? undefined : parseValue(leaf.type, chunk.stats_max_value);
  if (lower === undefined || upper === undefined) {
    column.bounded = false;
    return;
  }
  if (column.lower === undefined || compareValues(lower, column.lower) < 0) column.lower = lower;
  if (column.upper === undefined || compareValues(upper, column.upper) > 0) column.upper = upper;
}

// Parquet puts a group (`list`, `key_value`) between a list or map and what is in it.
function leafOf(schema: Schema, path: string): Leaf | undefined {
  const names = path.split(', ');
  let type: IcebergType = schema;
  let id = 0;
  let repeated = false;
  for (let index = 0; index < names.length; index++) {
    if (typeof type === 'string') return undefined;
    if (type.type === 'struct') {
      const field: { id: number; type: IcebergType } | undefined = type.fields.find(
        (item) => item.name === names[index],
      );
      if (field === undefined) return undefined;
      [id, type] = [field.id, field.type];
    } else {
      repeated = true;
      index += 1;
      const isKey = names[index] === 'key';
      if (type.type === 'list') [id, type] = [type['element-id'], type.element];
      else [id, type] = isKey ? [type['key-id'], type.key] : [type['value-id'], type.value];
    }
  }
  return typeof type === 'string' ? { id, type, repeated } : undefined;
}
