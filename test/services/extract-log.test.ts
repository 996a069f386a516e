import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { newestMysql } from '../../services/mysql/programs.ts';
import { hasCode } from '../../src/base/index.ts';
import { openShop, products, shops } from './shops.ts';

for (const { product, kind, mysql } of products)
  describe(`the change log of ${product}`, () => {
    it('names the rows that came, changed and went; an emptied table is read whole', async () => {
      const shop = await openShop(kind, 'log_', { mysql });
      shop.sql(`create table orders (region varchar(20) not null, id bigint not null, paid decimal(20, 6), note text, primary key (region, id));
        create table readers (id integer primary key, name varchar(50));
        insert into orders values ('서울', 9007199254740993, 10.5, 'a'), ('서울', 2, 20, 'b'), ('Busan', 2, 30, 'c');
        insert into readers values (1, '김'), (2, '이')`);
      await shop.grantLog('orders, readers');
      const tables = { orders: { mode: 'log', control: ['paid'] }, readers: { mode: 'log' } };
      // Names differ between the tests; a slot belongs to one database.
      const more = { slot: 'slot_log' };
      assert.equal((await shop.extract(tables, more))['added'], 5);
      assert.deepEqual(await shop.extract(tables, more), {
        rows: 0,
        added: 0,
        changed: 0,
        deleted: 0,
        afterSeal: 0,
      });
      shop.sql(`begin; insert into orders values ('Jeju', 1, 1, 'new'); insert into orders values ('Jeju', 2, 1, 'came and went'); commit;
        update orders set note = 'changed' where id = 9007199254740993; update orders set note = 'again' where id = 9007199254740993;
        update orders set id = 3 where region = 'Busan'; delete from orders where region = 'Jeju' and id = 2;
        update readers set name = '박' where id = 2`);
      const counts = await shop.extract(tables, more);
      assert.deepEqual(counts, { rows: 4, added: 2, changed: 2, deleted: 1, afterSeal: 0 });
      const orders = (): Promise<unknown> =>
        shop.rows('select region, id, note from raw.shop_orders order by all');
      assert.deepEqual(await orders(), [
        { region: 'Busan', id: 3, note: 'c' },
        { region: 'Jeju', id: 1, note: 'new' },
        { region: '서울', id: 2, note: 'b' },
        { region: '서울', id: 9007199254740993n, note: 'again' },
      ]);
      assert.deepEqual(await shop.rows('select * from raw.shop_readers order by id'), [
        { id: 1, name: '김' },
        { id: 2, name: '박' },
      ]);
      assert.deepEqual(await shop.extract(tables, more), {
        // Of MySQL what is around the place of the snapshot is looked at twice, and found unchanged.
        rows: mysql === undefined ? 0 : 4,
        added: 0,
        changed: 0,
        deleted: 0,
        afterSeal: 0,
      });
      shop.sql(`truncate table orders; insert into orders values ('서울', 1, 1, 'z'); alter table readers add column since varchar(9);
        update readers set since = '2026' where id = 1`);
      await shop.extract(tables, more);
      assert.deepEqual(await orders(), [{ region: '서울', id: 1, note: 'z' }]);
      assert.deepEqual(await shop.rows('select id, since from raw.shop_readers order by id'), [
        { id: 1, since: '2026' },
        { id: 2, since: null },
      ]);
    });

    it('is not there any more: the table is read whole, and that is said', async () => {
      // A server of its own, for its log is emptied.
      const shop = await openShop(kind, 'purged', { mysql, ownServer: kind === 'mariadb' });
      shop.sql(
        `create table items (id integer primary key, name varchar(9)); insert into items values (1, 'a'), (2, 'b')`,
      );
      await shop.grantLog('items');
      const tables = { items: { mode: 'log' } };
      const more = { slot: 'slot_purged' };
      await shop.extract(tables, more);
      shop.sql('delete from items where id = 1');
      const { postgres } = await shops();
      if (kind === 'mariadb')
        shop.sql(
          `flush binary logs; purge binary logs before now() + interval 1 day; reset ${mysql === newestMysql ? 'binary logs and gtids' : 'master'}`,
        );
      else postgres.sql(`select pg_drop_replication_slot('slot_purged')`);
      shop.sql(`insert into items values (3, 'c')`);
      const counts = await shop.extract(tables, more);
      assert.deepEqual([counts['added'], counts['deleted']], [1, 1]);
      assert.ok(shop.warnings().some((line) => /read whole/.test(line)));
    });

    it('needs rights and settings, which are named', async () => {
      const shop = await openShop(kind, 'norights', { mysql });
      shop.sql('create table items (id integer primary key)');
      await assert.rejects(
        async () => {
          await shop.extract({ items: { mode: 'log' } }, { slot: 'slot_none' });
          shop.sql('insert into items values (1)');
          await shop.extract({ items: { mode: 'log' } }, { slot: 'slot_none' });
        },
        (error) => hasCode(error, 'source_log_unusable') && /REPLICATION/.test(error.message),
      );
    });
  });
