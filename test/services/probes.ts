import { quoteText, type IcebergType } from '../../src/warehouse/index.ts';
import type { Engines } from './engines.ts';
import { schemaOf } from './same-rows.ts';

/** A condition on one column; the value is text as DuckDB prints it, hexadecimal for binary. */
export interface Probe {
  readonly column: string;
  readonly type: string;
  readonly operator: '=' | '>' | '<=' | 'is null';
  readonly value: string;
}

/** Conditions at the ends and in the middle of every primitive column's values. */
export async function probesOf({ warehouse, ...engines }: Engines, table: string): Promise<readonly Probe[]> {
  const schema = await schemaOf({ warehouse, ...engines }, table);
  const probes: Probe[] = [];
  for (const { name: column, type } of schema.fields) {
    if (typeof type !== 'string') continue;
    const finite = type === 'double' || type === 'float' ? `isfinite(${column})` : 'true';
    const text = type === 'binary' ? `hex(${column})` : `${column}::text`;
    const { rows } = await warehouse.query(
      `select ${text} as v from ${table} where ${column} is not null and ${finite} order by ${column}`,
    );
    const at = (share: number): string => String(rows[Math.floor((rows.length - 1) * share)]?.v);
    const add = (operator: Probe['operator'], value: string): number =>
      probes.push({ column, type, operator, value });
    for (const share of [0.3, 1]) add('=', at(share));
    add('is null', '');
    if (type === 'boolean') continue;
    add('<=', at(0));
    add('>', at(0.6));
  }
  return probes;
}

/** The condition as a WHERE clause, for Octavo and for Spark. */
export function conditionOf(engine: 'duckdb' | 'spark', probe: Probe): string {
  const { column, operator } = probe;
  if (operator === 'is null') return `${column} is null`;
  // Spark looks for uuids of random order by the row groups' bounds and misses rows (apache/iceberg#14216),
  // in its own tables too; an expression keeps it from that.
  if (engine === 'spark' && column === 'device_id')
    return `concat(${column}) ${operator} ${sparkLiteral(probe)}`;
  return `${column} ${operator} ${engine === 'spark' ? sparkLiteral(probe) : duckdbLiteral(probe)}`;
}

/** The condition for `tables.py`. */
export function filterOf({ column, operator, value, type }: Probe): readonly string[] {
  const iso = type.startsWith('timestamp') ? value.replace(/\+00$/, '').replace(' ', 'T') : value;
  return [column, operator, iso];
}

/** How many rows Octavo, Spark and PyIceberg count under each condition. */
export async function countBy(engines: Engines, table: string, probes: readonly Probe[]) {
  const counts = probes.map((probe, index) => {
    return `(select count(*) from ${table} where ${conditionOf('duckdb', probe)}) as c${index}`;
  });
  const { rows } = await engines.warehouse.query(`select ${counts.join(', ')}`);
  const octavo = probes.map((_, index) => Number(rows[0]?.[`c${index}`]));
  const spark = await Promise.all(
    probes.map(async (probe) => {
      const sql = `select count(*) from ${table} where ${conditionOf('spark', probe)}`;
      return Number((await engines.spark.run(sql))[0]?.[0]);
    }),
  );
  const catalogue = { uri: engines.gate.url, token: engines.keys.write };
  const pyiceberg = await Promise.all(
    probes.map((probe) =>
      engines.pyiceberg.ask<number>({ catalogue, table, filters: [filterOf(probe)], count: true }),
    ),
  );
  return { octavo, spark, pyiceberg };
}

function duckdbLiteral({ type, value }: Probe): string {
  if (type === 'binary') return `unhex('${value}')`;
  const names: Readonly<Record<string, string>> = { long: 'bigint', string: 'varchar' };
  return `${quoteText(value)}::${names[type] ?? type}`;
}

function sparkLiteral({ type, value }: { readonly type: IcebergType; readonly value: string }): string {
  const text = `r${value.includes("'") ? `"${value}"` : `'${value}'`}`;
  switch (type) {
    case 'string':
    case 'uuid':
      return text;
    case 'binary':
      return `X'${value}'`;
    case 'double':
      return `${value}D`;
    case 'float':
      return `${value}F`;
    case 'timestamptz':
      return `timestamp '${value}'`;
    case 'timestamp':
      return `timestamp_ntz '${value}'`;
    case 'date':
      return `date '${value}'`;
    default:
      return value;
  }
}
