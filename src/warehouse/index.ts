export * from './catalog-port.ts';
export * from './engine-port.ts';
export * from './iceberg/index.ts';
export * from './catalog/index.ts';
export {
  createDuckdbEngine,
  type DuckdbEngine,
  type DuckdbEngineOptions,
  type SessionOptions,
} from './duckdb/engine.ts';
export type { DuckdbSession, StatementOptions } from './duckdb/session.ts';
export { quoteName, quoteText } from './duckdb/types.ts';
export type { ParameterUse } from './sql-parameters.ts';
export { findReferences, type DayRange, type SqlReferences } from './sql-references.ts';
export { damageOf, offerOf } from './data-guard.ts';
export { parseTableName, tableName } from './table-name.ts';
export { personalColumns, personalProperty } from './personal.ts';
export { openWarehouse, type WarehouseOptions } from './warehouse.ts';
export * from './warehouse-port.ts';
export type { DeclaredColumn } from './write-columns.ts';
export { createLoader, type Loader } from './load/loader.ts';
export type { LoaderOptions, LoadOutcome } from './load/loader-options.ts';
export { eventColumns, failedColumns } from './load/event-columns.ts';
export { loadedOffsets, skipReleased, type LogTopic } from './load/log-offsets.ts';
export * from './extract/index.ts';
export * from './models/index.ts';
export * from './seal/index.ts';
export { compactTable, type CompactOptions } from './compact.ts';
export { keepTables, type UpkeepOptions } from './upkeep.ts';
