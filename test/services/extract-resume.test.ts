import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, it } from 'node:test';
import { endWithProcess } from '../../services/end-with-process.ts';
import { createLogger, seededRandom, systemClock } from '../../src/base/index.ts';
import { extractSource, sourceUnits } from '../../src/warehouse/index.ts';
import { modernProducts, openShop, type Shop } from './shops.ts';

const child = join(import.meta.dirname, 'extract-process.fixture.ts');
const killsMax = 4;
const tables = ['items', 'order_lines', 'readers'] as const;

/** When a process is killed: so long after a table was committed (undefined: after it began). */
interface Death {
  readonly table: (typeof tables)[number] | undefined;
  readonly afterMs: number;
}

/** Extracts in a process of its own and kills it; returns whether it was at work still. Without a death it lives to its end. */
async function extractAndKill(
  shop: Shop,
  source: object,
  { seed, death }: { readonly seed: string; readonly death?: Death },
): Promise<boolean> {
  const argument = JSON.stringify({ root: shop.warehouse.root, shop: source, seed });
  const running = spawn(process.execPath, [child, argument], {
    env: { ...process.env, SHOP: shop.password },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  endWithProcess(running);
  let said = '';
  running.stderr.on('data', (bytes: Buffer) => (said += bytes.toString()));
  const ended = once(running, 'exit');
  if (death !== undefined) {
    const before = await stateOf(shop, death.table);
    await Promise.race([once(running.stdout, 'data'), ended]);
    const isRunning = (): boolean => running.exitCode === null;
    while (isRunning() && death.table !== undefined && (await stateOf(shop, death.table)) === before)
      await delay(5);
    await Promise.race([delay(death.afterMs), ended]);
    running.kill('SIGKILL');
  }
  const [status] = (await ended) as [number | null];
  assert.ok(status === null || status === 0, said);
  return status === null;
}

/** The metadata file of a raw table; every commit makes another. */
async function stateOf(shop: Shop, table: Death['table']): Promise<string | undefined> {
  return table === undefined
    ? undefined
    : (await shop.warehouse.table(`raw.shop_${table}`))?.metadataLocation;
}

for (const { product, kind, mysql } of modernProducts)
  describe(`an extraction of ${product} that is killed`, () => {
    it('has lost and doubled nothing after the next one, wherever it died', async (t) => {
      const shop = await openShop(kind, 'dies', { mysql });
      const many = (from: number, to: number, value: (id: number) => string): string =>
        Array.from({ length: to - from + 1 }, (_, index) => `(${from + index}, ${value(from + index)})`).join(
          ', ',
        );
      shop.sql(`create table items (id integer primary key, title varchar(40));
        create table order_lines (id integer primary key, paid bigint);
        create table readers (id integer primary key, name varchar(40));
        insert into items values ${many(1, 1500, (id) => `'item ${id}'`)};
        insert into readers values ${many(1, 1500, (id) => `'이름 ${id}'`)};
        insert into order_lines values ${many(1, 2000, String)}`);
      await shop.grantLog('items, readers');
      const source = shop.source(
        {
          items: {},
          order_lines: { mode: 'incremental', cursor: 'id', lookBack: 100, control: ['paid'] },
          readers: { mode: 'log' },
        },
        { pageRows: 250, commitRows: 500, pauseMs: 10, slot: 'slot_dies' },
      );
      const seed = `${product} ${systemClock.now()}`;
      const random = seededRandom(seed);
      let [kills, cursor, last] = [0, 0, 2000];
      for (let round = 1; round <= killsMax; round++) {
        // The first dies in the middle of the table that is committed in parts, the last before it could do much.
        const [first, final] = [round === 1, round === killsMax];
        const table = first
          ? 'order_lines'
          : final
            ? undefined
            : [...tables.slice(0, 2), undefined][random.below(3)];
        const death = { table, afterMs: random.below(final ? 20 : first ? 100 : 300) };
        if (await extractAndKill(shop, source, { seed: `${seed} ${round}`, death })) kills += 1;
        const properties = (await shop.warehouse.table('raw.shop_order_lines'))?.metadata.properties ?? {};
        const reached = Number(properties['octavo.cursor'] ?? 0);
        assert.ok(reached >= cursor, `the cursor went back from ${cursor} to ${reached}`);
        cursor = reached;
        // The shop goes on: it sells, renames, takes out.
        shop.sql(`insert into order_lines values ${many(last + 1, last + 300, String)};
          update items set title = 'round ${round}' where id % 7 = ${round}; delete from items where id % 100 = ${round};
          update readers set name = 'round ${round}' where id % 11 = ${round}; delete from readers where id % 90 = ${round}`);
        last += 300;
      }
      t.diagnostic(`seed '${seed}': killed ${kills} of ${killsMax} times; cursor at ${cursor} of ${last}`);
      assert.ok(kills > 0, 'it was never killed at work');
      assert.equal(await extractAndKill(shop, source, { seed: `${seed} last` }), false);
      for (const table of tables) {
        const second = table === 'items' ? 'title' : table === 'readers' ? 'name' : 'paid';
        const own = shop.sql(`select id, ${second} from ${table} order by id`).trim().replaceAll('\t', '|');
        const found = await shop.rows(`select id, ${second} as v from raw.shop_${table} order by id`);
        assert.equal(found.map(({ id, v }) => `${String(id)}|${String(v)}`).join('\n'), own, table);
      }
      // What went is kept once for each time that it went.
      const twice = await shop.rows(
        'select table_name, row_key, count(*) as n from raw.deleted_rows group by all having count(*) > 1',
      );
      assert.deepEqual(twice, []);
    });

    it('compares what a cursor brings with the files that hold its keys, and writes those anew that change', async () => {
      const shop = await openShop(kind, 'prunes', { mysql });
      shop.sql(
        `create table orders (id integer primary key, changed_at timestamp not null, note varchar(20))`,
      );
      const add = (from: number, to: number, at: string): void =>
        void shop.sql(
          `insert into orders values ${Array.from({ length: to - from + 1 }, (_, index) => `(${from + index}, '${at}', 'new')`).join(', ')}`,
        );
      const lines: string[] = [];
      const log = createLogger({
        level: 'info',
        format: 'json',
        colours: false,
        write: (line) => lines.push(line),
        clock: systemClock,
      });
      const extract = async (): Promise<Readonly<Record<string, unknown>>> => {
        const context = {
          ...shop.context({ orders: { mode: 'incremental', cursor: 'changed_at', lookBack: 60 } }),
          log,
        };
        for (const unit of sourceUnits(context)) await extractSource(context, unit);
        const line = lines.findLast((one) => one.includes('"extracted"'));
        const { added, changed, compared } = JSON.parse(line ?? '{}') as Record<string, unknown>;
        return { added, changed, compared };
      };
      const paths = async (): Promise<readonly string[]> => {
        const table = await shop.warehouse.table('raw.shop_orders');
        assert.ok(table !== undefined);
        return (await shop.warehouse.planScan(table)).files.map(({ path }) => path).toSorted();
      };
      // Five runs of a thousand new rows are five files.
      for (let run = 1; run <= 5; run++) {
        add(run * 1000 - 999, run * 1000, `2026-11-01 0${run}:00:00`);
        const before = run === 1 ? 0 : 1000;
        // The last thousand are looked at again, for they are within the look-back.
        assert.deepEqual(await extract(), { added: 1000, changed: 0, compared: before });
      }
      const five = await paths();
      assert.equal(five.length, 5);
      // One row of the second file is changed: the look-back’s file and that one are read, and that one is written.
      shop.sql(`update orders set note = 'changed', changed_at = '2026-11-01 06:00:00' where id = 1500`);
      assert.deepEqual(await extract(), { added: 0, changed: 1, compared: 2000 });
      const after = await paths();
      assert.equal(after.length, 5);
      assert.equal(after.filter((path) => five.includes(path)).length, 4);
      assert.deepEqual(await extract(), { added: 0, changed: 0, compared: 1000 });
      const [row] = await shop.rows(
        `select count(*) as n, count(distinct id) as ids, count(*) filter (note = 'changed') as changed from raw.shop_orders`,
      );
      assert.deepEqual(row, { n: 5000, ids: 5000, changed: 1 });
    });
  });
