import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { installSpark, sparkMissing } from '../../services/spark/install.ts';
import { startSparkSql, type SparkSql } from '../../services/spark/spark-sql.ts';
import {
  addColumn,
  append,
  createTable,
  currentSchema,
  listOf,
  mapOf,
  planScan,
  replaceDays,
  structOf,
} from '../../src/warehouse/iceberg/index.ts';
import { openWorld, python, pythonRows, sales, sparkRow, type TableWorld } from './table-world.ts';

const missing =
  sparkMissing() ??
  (existsSync(python)
    ? undefined
    : `PyIceberg is missing: python3 -m venv .cache/python && .cache/python/bin/pip install 'pyiceberg[pyarrow]==0.10.0'`);
if (missing !== undefined && process.env['CI'] === 'true') throw new Error(missing);

/** Rows with nulls, Korean text, every type and a list of structs; sale ids from `first` on. */
const select = (day: string, first: number, count: number): string => `select
  (${first} + i)::bigint as sale_id, ('00000000-0000-7000-8000-' || lpad((${first} + i)::text, 12, '0'))::uuid as event_id,
  case when i % 7 = 0 then null else '제목 ' || i end as title, (i * 1.37)::decimal(18,2) as price,
  timestamptz '${day} 00:00:00.123456+00' + to_microseconds(i * 1000003) as sold_at, i / 8.0::double as share,
  i % 2 = 0 as gift, case when i % 3 = 0 then null else ('x' || i)::blob end as payload,
  case when i % 5 = 0 then null else [{item_id: 'b' || i, price: (i / 4.0)::decimal(18,2)}, {item_id: null, price: null}] end as items,
  case when i % 4 = 0 then null else map {'k': i::int} end as tags,
  date '${day}' as business_day, i::int as copies from range(${count}) as t(i)`;

describe(
  'tables of Octavo under engines of other hands',
  { skip: missing ?? false, timeout: 600_000 },
  () => {
    let world: TableWorld;
    let spark: SparkSql;

    before(async () => {
      installSpark();
      world = await openWorld();
      await createTable(world, sales, {
        columns: [
          { name: 'sale_id', type: 'long' },
          { name: 'event_id', type: 'uuid' },
          { name: 'title', type: 'string' },
          { name: 'price', type: 'decimal(18,2)' },
          { name: 'sold_at', type: 'timestamptz' },
          { name: 'share', type: 'double' },
          { name: 'gift', type: 'boolean' },
          { name: 'payload', type: 'binary' },
          { name: 'items', type: listOf(structOf({ item_id: 'string', price: 'decimal(18,2)' })) },
          { name: 'tags', type: mapOf('string', 'int') },
          { name: 'business_day', type: 'date' },
          { name: 'copies', type: 'int' },
        ],
        partitionBy: 'business_day',
      });
      spark = await startSparkSql({ catalogUrl: world.catalogUrl, workFolder: world.folder });
    });

    after(async () => {
      await spark?.stop();
      await world?.close();
    });

    const sparkRows = async (): Promise<readonly string[]> => {
      const rows = await spark.run(`select ${sparkRow} from raw.sales`);
      return rows.map(([value]) => String(value)).toSorted();
    };
    const assertSame = async (count: number): Promise<void> => {
      const ours = await world.rows();
      assert.equal(ours.length, count);
      for (const [engine, theirs] of [
        ['Spark', await sparkRows()],
        ['PyIceberg', await pythonRows(world)],
      ] as const) {
        const first = ours.findIndex((row, index) => row !== theirs[index]);
        assert.deepEqual([theirs.length, theirs[first]], [count, ours[first]], `${engine} reads other rows`);
      }
    };

    it('are read with equal rows by Spark and PyIceberg', async () => {
      await append(world, sales, [
        await world.write(select('2026-03-01', 0, 500), '2026-03-01'),
        await world.write(select('2026-03-02', 1000, 300), '2026-03-02'),
      ]);
      await replaceDays(
        world,
        sales,
        ['2026-03-02'],
        [await world.write(select('2026-03-02', 2000, 200), '2026-03-02')],
      );
      await assertSame(700);
      const [[pruned] = []] = await spark.run(
        `select count(*) from raw.sales where sale_id >= 2000 and business_day = date '2026-03-02'`,
      );
      assert.equal(pruned, '200');
    });

    it('are appended to, overwritten and widened by Spark, and committed on top of', async () => {
      await spark.run(`insert into raw.sales select sale_id + 10000, event_id, title, price, sold_at, share, gift, payload, items, tags,
      date '2026-03-03', copies from raw.sales where business_day = date '2026-03-01'`);
      await assertSame(1200);
      await spark.run(`set spark.sql.sources.partitionOverwriteMode = dynamic`);
      await spark.run(`insert overwrite raw.sales select sale_id + 50000, event_id, title, price, sold_at, share, gift, payload, items, tags,
      date '2026-03-02', copies from raw.sales where business_day = date '2026-03-03' and sale_id < 10100`);
      await assertSame(1100);
      await spark.run(`delete from raw.sales where sale_id in (1, 2)`);
      await assertSame(1098);
      await spark.run(`alter table raw.sales add column note string`);
      const { metadata } = await world.catalog.load(sales);
      assert.equal(currentSchema(metadata).fields.at(-1)?.name, 'note');
      await addColumn(world, sales, { name: 'remark', type: 'string' });
      await append(world, sales, [await world.write(select('2026-03-04', 90000, 50), '2026-03-04')]);
      await replaceDays(
        world,
        sales,
        ['2026-03-03'],
        [await world.write(select('2026-03-03', 95000, 10), '2026-03-03')],
      );
      await assertSame(658);
      const [[count, remarks] = []] = await spark.run('select count(*), count(remark) from raw.sales');
      assert.deepEqual([count, remarks], ['658', '0']);
    });

    it('are created by Spark through our service, from a query', async () => {
      await spark.run('create namespace model');
      await spark.run(`create table model.daily using iceberg partitioned by (business_day) as
      select business_day, count(*) as sales, sum(price) as paid from raw.sales group by business_day`);
      const table = await world.catalog.load({ namespace: 'model', name: 'daily' });
      const plan = await planScan(world.files, table.metadata, {
        filters: [{ column: 'business_day', operator: '=', value: '2026-03-03' }],
      });
      assert.equal(plan.recordCount, 1);
      assert.ok(plan.filesPruned + plan.manifestsPruned > 0);
    });

    it('lose or win a race whole', async () => {
      let [wins, losses] = [0, 0];
      let expected = Number(await world.value('sum(copies)'));
      for (let round = 0; round < 6; round++) {
        const file = await world.write(select('2026-03-04', 200_000 + round * 100, 4), '2026-03-04');
        const [theirs] = await Promise.allSettled([
          spark.run(
            `insert into raw.sales (sale_id, copies, business_day) values (${300_000 + round}, 1000, date '2026-03-05')`,
          ),
          append(world, sales, [file]),
        ]);
        expected += 6;
        if (theirs.status === 'fulfilled') expected += 1000;
        if (theirs.status === 'fulfilled') wins += 1;
        else losses += 1;
        assert.equal(Number(await world.value('sum(copies)')), expected);
      }
      assert.equal(wins + losses, 6);
      const [[sum] = []] = await spark.run('select sum(copies) from raw.sales');
      assert.equal(Number(sum), expected);
      await assertSame((await world.rows()).length);
    });
  },
);
