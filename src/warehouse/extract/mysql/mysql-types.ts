import { cast, decimalDigitsMax, number, text, unordered, type ColumnMapping } from '../column-mapping.ts';
import type { DatabaseColumn } from '../database-port.ts';

/** A row of `information_schema.columns`. */
export interface MysqlColumnInfo {
  readonly name: string;
  /** `bigint`. */
  readonly dataType: string;
  /** `bigint(20) unsigned zerofill`. */
  readonly columnType: string;
  readonly precision: number;
  readonly scale: number;
}

/** A name quoted for MariaDB and MySQL. */
export function quoteMysql(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}

/** How a column comes over; every value keeps what it says, or is counted as having no counterpart. */
export function mysqlColumn(info: MysqlColumnInfo): DatabaseColumn {
  const { name, columnType } = info;
  const mapping = mappingOf(info, quoteMysql(name));
  return { name, declared: columnType, select: quoteMysql(name), ...mapping };
}

function mappingOf(info: MysqlColumnInfo, name: string): ColumnMapping {
  const { dataType, columnType, precision, scale } = info;
  const unsigned = columnType.includes('unsigned');
  switch (dataType) {
    case 'tinyint':
    case 'smallint':
    case 'mediumint':
    case 'year':
      return number('INTEGER');
    case 'int':
      return number(unsigned ? 'BIGINT' : 'INTEGER');
    case 'bigint':
      return number(unsigned ? 'DECIMAL(20,0)' : 'BIGINT');
    case 'decimal':
      return precision > decimalDigitsMax
        ? { ...text, order: 'number' }
        : number(`DECIMAL(${precision},${scale})`);
    case 'float':
      // As a double: a float is printed with six digits, which are not all it holds.
      return { ...number('FLOAT'), select: `(${name} + 0e0)`, order: 'none' };
    case 'double':
      return { ...number('DOUBLE'), order: 'none' };
    case 'bit':
      return bit(Number(/\d+/.exec(columnType)?.[0] ?? 1), name);
    case 'date':
      return { type: 'DATE', load: orNull('DATE'), unfit: isZeroDate, order: 'time' };
    case 'datetime':
      return {
        type: 'TIMESTAMP',
        load: orNull('TIMESTAMP'),
        unfit: isZeroDate,
        order: 'time',
        clock: 'local',
      };
    case 'timestamp':
      return {
        type: 'TIMESTAMPTZ',
        load: (value) => orNull('TIMESTAMPTZ')(value, `${value} || '+00'`),
        unfit: isZeroDate,
        order: 'time',
        clock: 'instant',
      };
    case 'uuid':
      return { type: 'UUID', load: cast('UUID'), order: 'text' };
    case 'binary':
    case 'varbinary':
    case 'tinyblob':
    case 'blob':
    case 'mediumblob':
    case 'longblob':
    case 'vector':
      return bytes(`hex(${name})`, dataType.endsWith('binary') ? 'binary' : 'none');
    case 'geometry':
    case 'point':
    case 'linestring':
    case 'polygon':
    case 'multipoint':
    case 'multilinestring':
    case 'multipolygon':
    case 'geometrycollection':
    case 'geomcollection':
      return bytes(`hex(st_aswkb(${name}))`, 'none');
    case 'char':
    case 'varchar':
    case 'tinytext':
    case 'text':
    case 'mediumtext':
    case 'longtext':
      return text;
    case 'json':
      return { ...unordered, select: `cast(${name} as char character set utf8mb4)` };
    // A duration of up to 838 hours, not a time of day; enum and set sort by their numbers; inet4 and inet6.
    default:
      return unordered;
  }
}

function bit(width: number, name: string): ColumnMapping {
  const select = `(${name} + 0)`;
  if (width === 1) return { type: 'BOOLEAN', select, load: cast('BOOLEAN'), order: 'none' };
  return { ...number(width < 64 ? 'BIGINT' : 'DECIMAL(20,0)'), select, order: 'none' };
}

function bytes(select: string, order: DatabaseColumn['order']): ColumnMapping {
  return { type: 'BLOB', select, load: (value) => `unhex(${value})`, order };
}

/** `0000-00-00`, and dates without a month or a day, which MariaDB and MySQL can hold. */
function isZeroDate(value: string): string {
  return `(${value} like '0000-%' or ${value} like '____-00-%' or ${value} like '____-__-00%')`;
}

function orNull(type: string): (value: string, written?: string) => string {
  // Most are dates, and looking whether a text is none takes longer than reading it; the engine has a year 0.
  return (
    value,
    written = value,
  ) => `case when ${value} < '0001' then null else coalesce(try_cast(${written} as ${type}),
    case when ${isZeroDate(value)} then null else cast(${written} as ${type}) end) end`;
}
