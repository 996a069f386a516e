import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DuckDBInstance } from '@duckdb/node-api';
import { fileStorage, seededRandom, systemClock } from '../../src/base/index.ts';
import { createRestHandler, createSqliteCatalog, formatRestBody } from '../../src/warehouse/catalog/index.ts';
import {
  createTableFiles,
  currentSchema,
  fileStatistics,
  planScan,
  type DataFileInput,
  type ParquetColumnChunk,
  type TableContext,
} from '../../src/warehouse/iceberg/index.ts';

export const python = join(import.meta.dirname, '../../.cache/python/bin/python3');
export const sales = { namespace: 'raw', name: 'sales' };

/** A catalogue, its REST service, and DuckDB to write and read Parquet. */
export interface TableWorld extends TableContext {
  readonly folder: string;
  readonly catalogUrl: string;
  /** Writes rows of a SELECT as a data file of one day. */
  write(select: string, day: string): Promise<DataFileInput>;
  /** The table's canonical rows as DuckDB reads its files. */
  rows(): Promise<readonly string[]>;
  /** One value over the table's rows. */
  value(expression: string): Promise<string>;
  close(): Promise<void>;
}

const nested = '{__duckdb_field_id: 9, element: {__duckdb_field_id: 13, item_id: 14, price: 15}}';
const tags = '{__duckdb_field_id: 10, key: 16, value: 17}';

/** The columns of the test's table, with every kind of type that our tables use. */
export const fieldIds = `{sale_id: 1, event_id: 2, title: 3, price: 4, sold_at: 5, share: 6, gift: 7, payload: 8,
  items: ${nested}, tags: ${tags}, business_day: 11, copies: 12}`;

/** One row as text, in DuckDB's SQL. */
const duckdbRow = `concat_ws('|', coalesce(sale_id::text,'~'), coalesce(event_id::text,'~'), coalesce(title,'~'), coalesce(price::text,'~'),
  coalesce(epoch_us(sold_at)::text,'~'), coalesce((share*8)::bigint::text,'~'), coalesce(gift::text,'~'), coalesce(hex(payload),'~'),
  coalesce(array_to_string(list_transform(items, lambda x: coalesce(x.item_id,'~') || '/' || coalesce(x.price::text,'~')), ','),'~'),
  coalesce(tags['k']::text,'~'), business_day::text)`;

/** One row as text, in Spark's SQL. */
export const sparkRow = `concat_ws('|', coalesce(string(sale_id),'~'), coalesce(event_id,'~'), coalesce(title,'~'), coalesce(string(price),'~'),
  coalesce(string(unix_micros(sold_at)),'~'), coalesce(string(bigint(share*8)),'~'), coalesce(string(gift),'~'), coalesce(hex(payload),'~'),
  if(items is null, '~', concat_ws(',', transform(items, x -> concat(coalesce(x.item_id,'~'), '/', coalesce(string(x.price),'~'))))),
  coalesce(string(tags['k']),'~'), string(business_day))`;

/** Rows as PyIceberg reads them through the catalogue. */
export async function pythonRows(world: TableWorld): Promise<readonly string[]> {
  const script = join(import.meta.dirname, 'read_table.py');
  const { stdout } = await promisify(execFile)(python, [script, world.catalogUrl, 'raw.sales'], {
    maxBuffer: 2 ** 28,
  });
  return (JSON.parse(stdout) as string[]).toSorted();
}

export async function openWorld(): Promise<TableWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'octavo-services-'));
  const storage = fileStorage();
  const random = seededRandom(folder);
  const catalog = createSqliteCatalog({
    path: join(folder, 'catalog.db'),
    warehouseFolder: join(folder, 'warehouse'),
    storage,
    clock: systemClock,
    random,
  });
  const handle = createRestHandler({ catalog });
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (bytes: Buffer) => chunks.push(bytes));
    request.on('end', () => {
      const url = new URL(request.url ?? '/', 'http://localhost');
      const body = Buffer.concat(chunks).toString('utf8');
      const call = {
        method: request.method ?? 'GET',
        path: url.pathname.replace(/^\/iceberg/, ''),
        query: Object.fromEntries(url.searchParams),
        body,
      };
      void handle(call).then((answer) => {
        return response
          .writeHead(answer.status, { 'content-type': 'application/json' })
          .end(formatRestBody(answer));
      });
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const duckdb = await instance.connect();
  await duckdb.run(`set TimeZone = 'UTC'`);
  const context: TableContext = {
    catalog,
    storage,
    random,
    clock: systemClock,
    files: createTableFiles(storage),
  };
  let written = 0;
  const read = async (expression: string): Promise<readonly string[]> => {
    const { metadata } = await catalog.load(sales);
    const plan = await planScan(context.files, metadata);
    const list = plan.files.map((file) => `'${file.path.replace(/^file:\/*/, '/')}'`).join();
    const result = await duckdb.runAndReadAll(
      `select (${expression})::text from read_parquet([${list}], union_by_name = true)`,
    );
    return result
      .getRows()
      .map(([value]) => String(value))
      .toSorted();
  };
  return {
    ...context,
    folder,
    catalogUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/iceberg`,
    write: async (select, day) => {
      const { metadata } = await catalog.load(sales);
      const path = `${metadata.location}/data/${written++}.parquet`;
      await storage.makeDirectory(`${metadata.location}/data`);
      await duckdb.run(`copy (${select}) to '${path}' (format parquet, field_ids ${fieldIds})`);
      const chunks = (
        await duckdb.runAndReadAll(`select * from parquet_metadata('${path}')`)
      ).getRowObjectsJS();
      const [counted] = (await duckdb.runAndReadAll(`select count(*) from '${path}'`)).getRows();
      const sizeBytes = (await storage.stat(path))?.sizeBytes ?? 0;
      const statistics = fileStatistics(chunks as unknown as ParquetColumnChunk[], currentSchema(metadata));
      return { path, recordCount: Number(counted?.[0]), sizeBytes, day, ...statistics };
    },
    rows: () => read(duckdbRow),
    value: async (expression) => (await read(expression))[0] ?? '',
    close: async () => {
      server.closeAllConnections();
      server.close();
      duckdb.closeSync();
      instance.closeSync();
      await catalog.close();
      await rm(folder, { recursive: true });
    },
  };
}
