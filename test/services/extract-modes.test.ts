import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { newestMysql } from '../../services/mysql/programs.ts';
import { hasCode } from '../../src/base/index.ts';
import { openShop, products } from './shops.ts';

for (const { product, kind, mysql } of products)
  describe(`a shop in ${product}`, () => {
    it('is read whole: what came, changed and went is counted, and an unchanged table is not written again', async () => {
      const shop = await openShop(kind, 'whole', { mysql });
      shop.sql(`create table items (id integer primary key, title varchar(50), price decimal(10, 2));
        insert into items values (1, '한국의 책', 10.50), (2, 'b', 2), (3, null, 3)`);
      const tables = { items: { control: ['price'] } };
      assert.deepEqual(await shop.extract(tables), {
        rows: 3,
        added: 3,
        changed: 0,
        deleted: 0,
        afterSeal: 0,
      });
      const before = await shop.warehouse.pin(['raw.shop_items']);
      assert.deepEqual(await shop.extract(tables), {
        rows: 3,
        added: 0,
        changed: 0,
        deleted: 0,
        afterSeal: 0,
      });
      assert.deepEqual(await shop.warehouse.pin(['raw.shop_items']), before);
      shop.sql(
        `delete from items where id = 2; update items set title = 'c😀' where id = 3; insert into items values (4, 'd', 4)`,
      );
      assert.deepEqual(await shop.extract(tables, { pageRows: 1 }), {
        rows: 3,
        added: 1,
        changed: 1,
        deleted: 1,
        afterSeal: 0,
      });
      assert.deepEqual(await shop.rows('select * from raw.shop_items order by id'), [
        { id: 1, title: '한국의 책', price: '10.50' },
        { id: 3, title: 'c😀', price: '3.00' },
        { id: 4, title: 'd', price: '4.00' },
      ]);
      assert.deepEqual(await shop.rows('select table_name, row_key from raw.deleted_rows'), [
        { table_name: 'raw.shop_items', row_key: '{"id":2}' },
      ]);
    });

    it('is read by a cursor: late commits within the look-back and rows of one cursor value come once', async () => {
      const shop = await openShop(kind, 'cursor_', { mysql });
      shop.sql(`create table orders (id integer primary key, changed_at timestamp(3) not null default '2026-01-01 00:00:00', note varchar(20));
        insert into orders values (1, '2026-11-01 10:00:00', 'a'), (2, '2026-11-01 10:00:00', 'b'), (3, '2026-11-01 10:05:00', 'c')`);
      const tables = { orders: { mode: 'incremental', cursor: 'changed_at', lookBack: 600 } };
      const more = { pageRows: 2, commitRows: 2 };
      assert.deepEqual((await shop.extract(tables, more)).added, 3);
      // One of the same instant, one that was committed late, one that is too late to be seen, one changed, one new.
      shop.sql(`insert into orders values (4, '2026-11-01 10:05:00', 'tie'), (5, '2026-11-01 09:56:00', 'late'), (6, '2026-11-01 09:00:00', 'too late');
        update orders set note = 'changed', changed_at = '2026-11-01 10:06:00' where id = 1; insert into orders values (7, '2026-11-01 10:07:00', 'new')`);
      const counts = await shop.extract(tables, more);
      assert.deepEqual([counts['added'], counts['changed']], [3, 1]);
      assert.deepEqual(
        (await shop.rows('select id, note from raw.shop_orders order by id')).map(
          (row) => `${String(row['id'])} ${String(row['note'])}`,
        ),
        ['1 changed', '2 b', '3 c', '4 tie', '5 late', '7 new'],
      );
      const again = await shop.extract(tables, more);
      assert.deepEqual([again['added'], again['changed']], [0, 0]);
    });

    if (kind === 'mariadb')
      it('lets its reader wait as long as the snapshot may be open', async () => {
        const shop = await openShop(kind, 'waits', { mysql });
        shop.sql(
          ['net_write_timeout', 'wait_timeout']
            .map(
              (name) => `create function ${name}_now() returns integer no sql return @@session.${name};
                create view ${name} as select ${name}_now() as seconds;`,
            )
            .join('\n'),
        );
        shop.sql('grant execute on waits.* to r_waits@127.0.0.1');
        await shop.extract({ net_write_timeout: {}, wait_timeout: {} }, { snapshotTimeoutMs: 40_000_000 });
        for (const name of ['net_write_timeout', 'wait_timeout'])
          assert.deepEqual(await shop.rows(`select seconds from raw.shop_${name}`), [{ seconds: 40_000 }]);
      });

    it('is read by a cursor without any key, rows of one value being told apart by what they hold', async () => {
      const shop = await openShop(kind, 'keyless', { mysql });
      shop.sql(
        `create table visits (seen integer not null, page varchar(9)); insert into visits values (1, 'a'), (2, 'a'), (2, 'a'), (2, 'b')`,
      );
      const tables = { visits: { mode: 'incremental', cursor: 'seen', lookBack: 0 } };
      assert.equal((await shop.extract(tables))['added'], 4);
      shop.sql(`insert into visits values (2, 'a'), (2, 'c'), (3, 'a')`);
      assert.equal((await shop.extract(tables))['added'], 3);
      assert.equal((await shop.extract(tables))['added'], 0);
      assert.deepEqual(
        await shop.rows('select seen, page, count(*) as n from raw.shop_visits group by all order by all'),
        [
          { seen: 1, page: 'a', n: 1 },
          { seen: 2, page: 'a', n: 3 },
          { seen: 2, page: 'b', n: 1 },
          { seen: 2, page: 'c', n: 1 },
          { seen: 3, page: 'a', n: 1 },
        ],
      );
    });

    it('keeps sealed days as they are, and applies what changed in open ones', async () => {
      const shop = await openShop(kind, 'days', { mysql });
      // 06:00 in Seoul is 21:00 the day before in UTC: the wall clock of the column is Seoul’s.
      shop.sql(`create table orders (id integer primary key, ordered ${kind === 'mariadb' ? 'datetime' : 'timestamp'}, paid decimal(10, 0));
        insert into orders values (1, '2026-11-01 05:59:59', 10), (2, '2026-11-01 06:00:00', 20), (3, '2026-11-02 06:00:00', 30)`);
      const tables = { orders: { time: 'ordered', control: ['paid'] } };
      await shop.extract(tables);
      const days = (): Promise<unknown> =>
        shop.rows(
          'select id, paid, cast(business_day as varchar) as day, cast(ordered as varchar) as ordered from raw.shop_orders order by id',
        );
      assert.deepEqual(await days(), [
        { id: 1, paid: '10', day: '2026-10-31', ordered: '2026-10-31 20:59:59+00' },
        { id: 2, paid: '20', day: '2026-11-01', ordered: '2026-10-31 21:00:00+00' },
        { id: 3, paid: '30', day: '2026-11-02', ordered: '2026-11-01 21:00:00+00' },
      ]);
      await shop.seal('2026-11-01');
      shop.sql(`update orders set paid = 21 where id = 2; update orders set paid = 31 where id = 3; delete from orders where id = 1;
        insert into orders values (4, '2026-11-01 07:00:00', 40)`);
      const counts = await shop.extract(tables);
      assert.deepEqual(counts, { rows: 3, added: 1, changed: 1, deleted: 1, afterSeal: 1 });
      assert.ok(shop.warnings().some((line) => line.includes('sealed days')));
      assert.deepEqual(await days(), [
        { id: 2, paid: '20', day: '2026-11-01', ordered: '2026-10-31 21:00:00+00' },
        { id: 3, paid: '31', day: '2026-11-02', ordered: '2026-11-01 21:00:00+00' },
        { id: 4, paid: '40', day: '2026-11-02', ordered: '2026-10-31 22:00:00+00' },
      ]);
    });

    it('is followed when its columns change: added, dropped and widened by rule, any other change refused', async () => {
      const shop = await openShop(kind, 'columns', { mysql });
      shop.sql(
        `create table items (id integer primary key, price decimal(8, 2), pages integer, note varchar(20)); insert into items values (1, 1.5, 100, 'a')`,
      );
      const tables = { items: {} };
      await shop.extract(tables);
      const alter =
        kind === 'mariadb'
          ? ['modify price decimal(12, 2)', 'modify pages bigint']
          : ['alter price type numeric(12, 2)', 'alter pages type bigint'];
      shop.sql(`alter table items drop column note; alter table items add column isbn varchar(13); alter table items ${alter[0]}; alter table items ${alter[1]};
        insert into items values (2, 1234567890.12, 9007199254740993, '9788936434267')`);
      await shop.extract(tables);
      const said = shop.warnings().join('\n');
      assert.match(said, /new columns.*isbn/);
      assert.match(said, /lost columns.*note/);
      assert.match(said, /wider.*price decimal\(8,2\) -> decimal\(12,2\), pages int -> long/);
      assert.deepEqual(await shop.rows('select * from raw.shop_items order by id'), [
        { id: 1, price: '1.50', pages: 100, note: 'a', isbn: null },
        { id: 2, price: '1234567890.12', pages: 9007199254740993n, note: null, isbn: '9788936434267' },
      ]);
      await shop.extract(tables);
      assert.deepEqual(shop.warnings(), []);
      shop.sql(
        kind === 'mariadb'
          ? 'alter table items modify pages varchar(20)'
          : 'alter table items alter pages type varchar(20)',
      );
      await assert.rejects(
        shop.extract(tables),
        (error) =>
          hasCode(error, 'column_change_refused') &&
          /'pages' of items is (varchar\(20\)|character varying\(20\)) now/.test(error.message),
      );
    });

    it('says what is declared wrongly, and what the account may not do', async () => {
      const shop = await openShop(kind, 'wrong', { mysql });
      shop.sql('create table items (id integer primary key, at timestamp)');
      for (const [tables, more, code, said] of [
        [{ item: {} }, {}, 'source_invalid', /no table 'item'.*'items'/],
        [
          { items: { mode: 'incremental', cursor: 'idd' } },
          {},
          'source_invalid',
          /tables\.items\.cursor: no column 'idd'.*'id'/,
        ],
        [{ items: { time: 'id' } }, {}, 'source_invalid', /no date or time/],
        [{ items: {} }, { user: 'nobody_' }, 'source_denied', /nobody_/],
        [{ items: {} }, { port: 1 }, 'source_unreachable', /127\.0\.0\.1:1/],
        [
          { items: {} },
          { database: 'nowhere' },
          kind === 'mariadb' ? 'source_denied' : 'source_invalid',
          /nowhere/,
        ],
        // The newest MySQL makes certificates of its own, so that it always encrypts.
        ...(mysql === newestMysql
          ? []
          : ([[{ items: {} }, { tls: { mode: 'encrypt' } }, 'source_tls_failed', /SSL|secure/]] as const)),
      ] as const) {
        await assert.rejects(
          shop.extract(tables, more),
          (error) => hasCode(error, code) && said.test(error.message),
          String(said),
        );
      }
    });
  });
