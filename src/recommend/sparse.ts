/** Compressed sparse rows over shared memory, so that worker threads read them without a copy. Columns of a row ascend. */
export interface SparseMatrix {
  readonly rowCount: number;
  readonly columnCount: number;
  /** `rowCount + 1` offsets into `columns` and `values`. */
  readonly starts: Int32Array;
  readonly columns: Int32Array;
  readonly values: Float32Array;
}

/** A zeroed array over shared memory. */
export function sharedInt32(length: number): Int32Array {
  return new Int32Array(new SharedArrayBuffer(length * Int32Array.BYTES_PER_ELEMENT));
}

/** A zeroed array over shared memory. */
export function sharedFloat32(length: number): Float32Array {
  return new Float32Array(new SharedArrayBuffer(length * Float32Array.BYTES_PER_ELEMENT));
}

/** Rows become columns; one counting sort, so the order is the same on every machine. */
export function transpose(matrix: SparseMatrix): SparseMatrix {
  const starts = sharedInt32(matrix.columnCount + 1);
  for (const column of matrix.columns) starts[column + 1]!++;
  for (let column = 0; column < matrix.columnCount; column++) starts[column + 1]! += starts[column]!;
  const next = starts.slice();
  const columns = sharedInt32(matrix.columns.length);
  const values = sharedFloat32(matrix.columns.length);
  for (let row = 0; row < matrix.rowCount; row++) {
    for (let at = matrix.starts[row]!; at < matrix.starts[row + 1]!; at++) {
      const target = next[matrix.columns[at]!]!++;
      columns[target] = row;
      values[target] = matrix.values[at]!;
    }
  }
  return { rowCount: matrix.columnCount, columnCount: matrix.rowCount, starts, columns, values };
}

/** Sum of the values of every row. */
export function rowSums(matrix: SparseMatrix): Float64Array {
  const sums = new Float64Array(matrix.rowCount);
  for (let row = 0; row < matrix.rowCount; row++) {
    let sum = 0;
    for (let at = matrix.starts[row]!; at < matrix.starts[row + 1]!; at++) sum += matrix.values[at]!;
    sums[row] = sum;
  }
  return sums;
}
