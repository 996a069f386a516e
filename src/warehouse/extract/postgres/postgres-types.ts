import { quoteName } from '../../duckdb/types.ts';
import { cast, decimalDigitsMax, number, text, unordered, type ColumnMapping } from '../column-mapping.ts';
import type { DatabaseColumn } from '../database-port.ts';

/** A column as the system catalogue describes it; of a domain the type below. */
export interface PostgresColumnInfo {
  readonly name: string;
  /** `int4`, `_text`. */
  readonly type: string;
  /** `numeric(10,2)`: for people. */
  readonly declared: string;
  /** `atttypmod`; -1 when the type has no modifier. */
  readonly modifier: number;
}

/** How a column comes over; every value keeps what it says, or is counted as having no counterpart. */
export function postgresColumn(info: PostgresColumnInfo): DatabaseColumn {
  const { name, declared } = info;
  return { name, declared, select: `${quoteName(name)}::text`, ...mappingOf(info, quoteName(name)) };
}

function mappingOf({ type, modifier }: PostgresColumnInfo, name: string): ColumnMapping {
  if (type.startsWith('_')) return list(type.slice(1), modifier, name);
  switch (type) {
    case 'bool':
      return { type: 'BOOLEAN', load: cast('BOOLEAN'), order: 'none' };
    case 'int2':
    case 'int4':
      return number('INTEGER');
    case 'int8':
    case 'oid':
      return number('BIGINT');
    case 'numeric':
      return numeric(modifier);
    case 'money':
      return { ...number('DECIMAL(19,2)'), select: `${name}::numeric::text`, order: 'none' };
    case 'float4':
      return { ...number('FLOAT'), order: 'none' };
    case 'float8':
      return { ...number('DOUBLE'), order: 'none' };
    case 'date':
      return { type: 'DATE', load: finite('DATE'), unfit: isInfinite, order: 'time' };
    case 'timestamp':
      return {
        type: 'TIMESTAMP',
        load: finite('TIMESTAMP'),
        unfit: isInfinite,
        order: 'time',
        clock: 'local',
      };
    case 'timestamptz':
      return {
        type: 'TIMESTAMPTZ',
        load: finite('TIMESTAMPTZ'),
        unfit: isInfinite,
        order: 'time',
        clock: 'instant',
      };
    case 'time':
      // 24:00:00 is a time there, and none here.
      return {
        type: 'TIME',
        load: (value) => `cast(nullif(${value}, '24:00:00') as TIME)`,
        unfit: (value) => `${value} = '24:00:00'`,
        order: 'none',
      };
    case 'uuid':
      return { type: 'UUID', load: cast('UUID'), order: 'text' };
    case 'bytea':
      return { type: 'BLOB', load: (value) => `unhex(substr(${value}, 3))`, order: 'text' };
    case 'text':
    case 'varchar':
    case 'bpchar':
    case 'citext':
    case 'name':
      return text;
    // Intervals in ISO 8601, JSON, XML, addresses, ranges, bit strings, enums and what extensions bring: as written.
    default:
      return unordered;
  }
}

function numeric(modifier: number): ColumnMapping {
  // Without a modifier a value may have any number of digits, and places after the point.
  if (modifier < 4) return { ...text, order: 'number' };
  const precision = ((modifier - 4) >> 16) & 0xffff;
  const scale = (((modifier - 4) & 0x7ff) ^ 1024) - 1024;
  if (precision > decimalDigitsMax || scale < 0 || scale > precision) return { ...text, order: 'number' };
  return number(`DECIMAL(${precision},${scale})`);
}

function list(element: string, modifier: number, name: string): ColumnMapping {
  const inner = mappingOf({ name: '', type: element, declared: '', modifier }, name);
  const plain = inner.select === undefined && !['bytea', 'interval'].includes(element);
  const type = plain ? inner.type : 'VARCHAR';
  // Every element as text, so that none goes through a double.
  return {
    type: `${type}[]`,
    select: `array_to_json(${name}::text[])::text`,
    load: (value) =>
      type === 'VARCHAR'
        ? `from_json(${value}, '["VARCHAR"]')`
        : `list_transform(from_json(${value}, '["VARCHAR"]'), lambda octavo_x: ${inner.load('octavo_x')})`,
    order: 'none',
  };
}

function isInfinite(value: string): string {
  return `${value} in ('infinity', '-infinity')`;
}

function finite(type: string): (value: string) => string {
  // The engine passes over a plain BC, and has it behind the date. Few are, and looking for it takes longer than reading the time.
  const dated = (value: string): string => `regexp_replace(${value}, '^(\\S+)(.*) BC$', '\\1 (BC)\\2')`;
  return (
    value,
  ) => `case when ${isInfinite(value)} then null when ends_with(${value}, ' BC') then cast(${dated(value)} as ${type})
    else cast(${value} as ${type}) end`;
}
