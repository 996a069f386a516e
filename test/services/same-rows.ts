import assert from 'node:assert/strict';
import { currentSchema, planScan, type Schema } from '../../src/warehouse/index.ts';
import { canonicalColumns, duckdb, sortRows, spark, type CanonicalRow } from './canonical.ts';
import type { Engines } from './engines.ts';

const rowsMax = 1_000_000;

/** Which contents to compare, and how the other engines name the table. */
export interface Compare {
  /** Default: the current snapshot. */
  readonly snapshotId?: bigint;
  /** Default: the engines' own. */
  readonly warehouse?: Engines['warehouse'];
  /** Spark's name of the catalogue. Default `octavo`. */
  readonly sparkCatalog?: string;
  readonly catalogue?: { readonly uri: string; readonly token: string };
}

/**
 * Asserts that Spark, PyIceberg through the catalogue and PyIceberg by the metadata file read the
 * rows that Octavo reads, and so many; gives back the rows.
 */
export async function assertSameRows(
  engines: Engines,
  name: string,
  count: number | undefined,
  compare: Compare = {},
): Promise<readonly string[]> {
  const warehouse = compare.warehouse ?? engines.warehouse;
  const table = await warehouse.table(name);
  assert.ok(table !== undefined, `${name} is missing`);
  const snapshotId = compare.snapshotId ?? table.metadata['current-snapshot-id'];
  assert.ok(snapshotId !== undefined, `${name} has no snapshot`);
  // A snapshot that is named is read with its own schema, in every engine.
  const { schema } = await planScan(warehouse.context.files, table.metadata, { snapshotId });
  const ours = await octavoRows(warehouse, name, schema, snapshotId);
  if (count !== undefined) assert.equal(ours.length, count, `rows of ${name}`);
  const theirs = await sparkRows(engines, name, schema, snapshotId, compare.sparkCatalog);
  assertEqual(`Spark, ${name}`, theirs, ours);
  const catalogue = compare.catalogue ?? { uri: engines.gate.url, token: engines.keys.write };
  // PyIceberg shows a null list of structs as an empty one, so both count as the same for it.
  const lists = schema.fields.map((field) => isListOfStructs(field.type));
  const blurred = ours.map((row) => blur(row, lists)).toSorted();
  for (const place of [{ catalogue, table: name }, { metadata: table.metadataLocation }]) {
    const rows = await engines.pyiceberg.ask<CanonicalRow[]>({ ...place, snapshot: snapshotId });
    const read = sortRows(schema, rows).map((row) => blur(row, lists));
    assertEqual(`PyIceberg by ${Object.keys(place)[0]}, ${name}`, read.toSorted(), blurred);
  }
  return ours;
}

/** The current schema of a table. */
export async function schemaOf(engines: Engines, name: string): Promise<Schema> {
  const table = await engines.warehouse.table(name);
  assert.ok(table !== undefined, `${name} is missing`);
  return currentSchema(table.metadata);
}

async function octavoRows(
  warehouse: Engines['warehouse'],
  name: string,
  schema: Schema,
  snapshotId: bigint,
): Promise<readonly string[]> {
  const sql = `select ${canonicalColumns(duckdb, schema)} from ${name}`;
  const { rows, truncated } = await warehouse.query(sql, { pins: { [name]: snapshotId }, rowsMax });
  assert.equal(truncated, false);
  return sortRows(
    schema,
    rows.map((row) => schema.fields.map((_, index) => row[`c${index}`] as string | null)),
  );
}

async function sparkRows(
  engines: Engines,
  name: string,
  schema: Schema,
  snapshotId: bigint,
  catalogue = 'octavo',
): Promise<readonly string[]> {
  const sql = `select ${canonicalColumns(spark, schema)} from ${catalogue}.${name} version as of ${snapshotId}`;
  return sortRows(schema, await engines.spark.run(sql));
}

function assertEqual(who: string, theirs: readonly string[], ours: readonly string[]): void {
  const first = ours.findIndex((row, index) => row !== theirs[index]);
  assert.deepEqual(
    { rows: theirs.length, first: theirs[Math.max(0, first)] },
    { rows: ours.length, first: ours[Math.max(0, first)] },
    `${who}: other rows than Octavo's`,
  );
}

function isListOfStructs(type: Schema['fields'][number]['type']): boolean {
  return typeof type !== 'string' && type.type === 'list' && typeof type.element !== 'string';
}

function blur(row: string, lists: readonly boolean[]): string {
  const values = JSON.parse(row) as CanonicalRow;
  return JSON.stringify(
    values.map((value, index) => (lists[index] === true && value === null ? '[]' : value)),
  );
}
