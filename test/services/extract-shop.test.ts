import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import { endWithProcess } from '../../services/end-with-process.ts';
import { newestMysql, type MysqlRelease } from '../../services/mysql/programs.ts';
import { runProgram } from '../../services/run-program.ts';
import { hasCode, systemClock, type Clock } from '../../src/base/index.ts';
import { modernProducts, mysqlsHere, openShop, sharedMysql, shops, type Shop, type Shops } from './shops.ts';
import { until } from './until.ts';

const archive = join(import.meta.dirname, '../../../shared/data/chinook.tar.gz');
const absent = existsSync(archive) ? false : `${archive} is not there`;

describe('a real shop, chinook', { skip: absent }, () => {
  for (const { product, mysql, file } of [
    { product: 'MariaDB', mysql: undefined, file: 'frozen-dump/chinook.mariadb-dump.sql' },
    // Its own script, and its own dump program to compare with.
    ...mysqlsHere
      .filter((mysql) => mysql === newestMysql)
      .map((mysql) => ({ product: 'MySQL', mysql, file: 'Chinook_MySql.sql' })),
  ])
    it(`is extracted from ${product} row for row as its own dump writes it`, async () => {
      const folder = mkdtempSync(join(tmpdir(), 'octavo-chinook-'));
      try {
        assert.equal(spawnSync('tar', ['xzf', archive, '-C', folder]).status, 0);
        const shop = await openShop('mariadb', 'Chinook', { mysql });
        const script = readFileSync(join(folder, 'chinook', file), 'utf8');
        shop.sql(script.replace(/^\s*(create database|use|drop database) .*$/gim, ''));
        const names = shop.sql('show tables').trim().split('\n');
        assert.ok(names.length >= 11, names.join());
        const tables = Object.fromEntries(names.map((name) => [name.toLowerCase(), { from: name }]));
        await shop.extract(tables, { pageRows: 500 });
        const { dump } = mysql === undefined ? (await shops()).mariadb : await sharedMysql(mysql);
        const tab = join(folder, 'tab');
        spawnSync('mkdir', ['-m', '777', tab]);
        runProgram(dump[0], [...dump[1], `--tab=${tab}`, 'Chinook']);
        for (const name of names) {
          await assertSame(shop, name, readFileSync(join(tab, `${name}.txt`), 'utf8'));
        }
      } finally {
        rmSync(folder, { recursive: true });
      }
    });

  it('is extracted from PostgreSQL row for row as COPY writes it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'octavo-chinook-'));
    try {
      assert.equal(spawnSync('tar', ['xzf', archive, '-C', folder]).status, 0);
      const shop = await openShop('postgres', 'chinook');
      const database = new DatabaseSync(join(folder, 'chinook/Chinook_Sqlite.sqlite'), { readOnly: true });
      const names = database
        .prepare(
          `select name from sqlite_schema where type = 'table' and name not like 'sqlite_%' order by name`,
        )
        .all()
        .map(({ name }) => String(name));
      for (const name of names) shop.sql(postgresCopy(database, name));
      database.close();
      await shop.extract(Object.fromEntries(names.map((name) => [name.toLowerCase(), { from: name }])), {
        pageRows: 500,
      });
      for (const name of names) {
        await assertSame(shop, name, shop.sql(`copy "${name}" to stdout`));
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

/** The servers, with this MySQL for MariaDB. */
async function serversOf(mysql: MysqlRelease | undefined): Promise<Shops> {
  const servers = await shops();
  return mysql === undefined ? servers : { ...servers, mariadb: await sharedMysql(mysql) };
}

/** The rows of a raw table are those of the server's own dump, in any order. */
async function assertSame(shop: Shop, name: string, dump: string): Promise<void> {
  const expected = dump.split('\n').filter((line) => line !== '');
  assert.ok(expected.length > 0, name);
  assert.deepEqual((await linesOf(shop, name)).toSorted(), expected.toSorted(), name);
}

/** The rows of a raw table as both servers' own dumps write them: tab, \N, backslash. */
async function linesOf(shop: Shop, name: string): Promise<readonly string[]> {
  const rows = await shop.rows(`select columns(*)::varchar from raw.shop_${name.toLowerCase()}`);
  return rows.map((row) =>
    Object.values(row)
      .map((value) =>
        value === null
          ? '\\N'
          : String(value).replace(
              /[\\\t\n]/g,
              (letter) => `\\${letter === '\t' ? 't' : letter === '\n' ? 'n' : letter}`,
            ),
      )
      .join('\t'),
  );
}

/** Statements that make a table of SQLite and its rows in PostgreSQL. */
function postgresCopy(database: DatabaseSync, name: string): string {
  const columns = database.prepare('select name, type, pk from pragma_table_info(?)').all(name);
  const typeOf = (type: string): string =>
    type.replace(/NVARCHAR/i, 'varchar').replace(/DATETIME/i, 'timestamp');
  const keys = columns.filter(({ pk }) => pk !== 0).map((column) => `"${String(column['name'])}"`);
  const list = columns.map((column) => `"${String(column['name'])}" ${typeOf(String(column['type']))}`);
  const rows = database.prepare(`select * from "${name}"`).all();
  const values = rows.map((row) =>
    Object.values(row)
      .map((value) =>
        value === null
          ? '\\N'
          : String(value as string | number).replace(/[\\\t\n]/g, (letter) => `\\${letter}`),
      )
      .join('\t'),
  );
  return `create table "${name}" (${list.join(', ')}, primary key (${keys.join(', ')}));\ncopy "${name}" from stdin;\n${values.join('\n')}\n\\.\n`;
}

for (const { product, kind, mysql } of modernProducts)
  describe(`a shop in ${product} that is at work`, () => {
    const write = (id: number): string =>
      `begin; insert into orders values (${id}, ${id}); insert into order_lines values (${id * 2}, ${id}, ${id}), (${id * 2 + 1}, ${id}, 0); commit;`;
    const make = `create table orders (id integer primary key, paid bigint);
      create table order_lines (id integer primary key, order_id integer, paid bigint);`;

    it('is read as of one moment: orders and their lines agree while both are written', async () => {
      const shop = await openShop(kind, 'moment', { mysql });
      shop.sql(make);
      const servers = await serversOf(mysql);
      // A customer of the same shop that goes on buying.
      const [program, parameters] =
        kind === 'mariadb'
          ? [servers.mariadb.client[0], [...servers.mariadb.client[1], 'moment']]
          : [
              `${servers.postgres.bin}/psql`,
              `-X -q -h ${servers.postgres.socket} -p ${servers.postgres.port} -U postgres moment`.split(' '),
            ];
      const customer = spawn(program, parameters, { stdio: ['pipe', 'ignore', 'inherit'] });
      endWithProcess(customer);
      const ended = once(customer, 'exit');
      const tables = {
        orders: { control: ['paid'] },
        order_lines: { mode: 'incremental', cursor: 'id', control: ['paid'] },
      };
      const readOrders = async (): Promise<number> => {
        await shop.extract(tables, { pageRows: 100, pauseMs: 2 });
        const [row] =
          await shop.rows(`select (select count(*) from raw.shop_orders) as orders, (select count(*) from raw.shop_order_lines) as lines,
          (select coalesce(sum(paid), 0) from raw.shop_orders) as paid, (select coalesce(sum(paid), 0) from raw.shop_order_lines) as line_paid`);
        assert.equal(Number(row?.['lines']), 2 * Number(row?.['orders']));
        assert.equal(Number(row?.['paid']), Number(row?.['line_paid']));
        return Number(row?.['orders']);
      };
      try {
        const [rounds, each] = [8, 400];
        for (let round = 0; round < rounds; round++) {
          // The client works these off while the shop is read.
          const ids = Array.from({ length: each }, (_, index) => round * each + index + 1);
          customer.stdin.write(`${ids.map(write).join('\n')}\n`);
          assert.ok((await readOrders()) <= (round + 1) * each);
        }
        customer.stdin.end();
        assert.deepEqual(await ended, [0, null]);
        assert.equal(await readOrders(), rounds * each);
      } finally {
        customer.kill('SIGKILL');
      }
    });

    it('may go on writing while it is read, and what waits for a lock says so', async () => {
      const shop = await openShop(kind, 'locks', { mysql });
      shop.sql(`${make} insert into orders values (1, 1)`);
      const servers = await serversOf(mysql);
      // Somebody holds the table for himself.
      const hold =
        kind === 'mariadb'
          ? 'lock tables orders write; select sleep(60)'
          : 'begin; lock table orders in access exclusive mode; select pg_sleep(60)';
      const holder =
        kind === 'mariadb'
          ? spawn(servers.mariadb.client[0], [...servers.mariadb.client[1], 'locks', '-e', hold])
          : spawn(`${servers.postgres.bin}/psql`, [
              '-X',
              '-h',
              servers.postgres.socket,
              '-p',
              String(servers.postgres.port),
              '-U',
              'postgres',
              'locks',
              '-c',
              hold,
            ]);
      try {
        const waiting =
          kind === 'mariadb'
            ? `select count(*) from information_schema.processlist where info like 'select sleep%'`
            : `select count(*) from pg_stat_activity where query like '%pg_sleep(60)' and pid <> pg_backend_pid()`;
        await until(() => shop.sql(waiting).trim() !== '0');
        await assert.rejects(shop.extract({ orders: {} }, { lockTimeoutMs: 1000 }), (error) =>
          hasCode(error, 'source_timeout'),
        );
      } finally {
        holder.kill('SIGKILL');
        shop.sql(
          kind === 'mariadb'
            ? `select concat('kill ', id) from information_schema.processlist where info like 'select sleep%'`
            : `select pg_terminate_backend(pid) from pg_stat_activity where query like '%pg_sleep(60)' and pid <> pg_backend_pid()`,
        );
      }
      if (kind === 'mariadb') {
        const id = shop
          .sql(`select id from information_schema.processlist where info like 'select sleep%'`)
          .trim();
        if (id !== '') shop.sql(`kill ${id}`);
      }
      assert.equal((await shop.extract({ orders: {} }))['added'], 1);
    });

    it('is let go when its snapshot was open too long, whatever still runs in it', async () => {
      const shop = await openShop(kind, 'slow', { mysql });
      // Rows come, slowly; and a count that never ends.
      const sleep = kind === 'mariadb' ? 'sleep(0.2)' : `pg_sleep(0.2)::text`;
      shop.sql(`create table numbers (n integer); insert into numbers values (0), (1), (2), (3), (4), (5), (6), (7), (8), (9);
        create view slow as select a.n + 10 * b.n as id, ${sleep} as pause from numbers a cross join numbers b`);
      for (const tables of [
        { slow: { columns: { pause: 'varchar' } } },
        { slow: { key: ['id'], mode: 'incremental', cursor: 'id' } },
      ])
        await assert.rejects(shop.extract(tables, { snapshotTimeoutMs: 1000 }), (error) =>
          hasCode(error, 'source_timeout'),
        );
    });

    it('goes on where it was after the server was killed in the middle', async () => {
      let betweenPages = (): Promise<void> => Promise.resolve();
      const clock: Clock = {
        now: () => systemClock.now(),
        sleep: async (milliseconds, signal) => {
          await systemClock.sleep(milliseconds, signal);
          await betweenPages();
        },
      };
      const shop = await openShop(kind, 'killed', { clock, mysql });
      shop.sql(make);
      shop.sql(
        `insert into orders values ${Array.from({ length: 5000 }, (_, index) => `(${index + 1}, 1)`).join(', ')}`,
      );
      const servers = await serversOf(mysql);
      const tables = { orders: { mode: 'incremental', cursor: 'id', lookBack: 100, control: ['paid'] } };
      let reached: string | undefined;
      // After the first commit the server is killed, and is there again before the next page.
      betweenPages = async () => {
        const cursor = (await shop.warehouse.table('raw.shop_orders'))?.metadata.properties['octavo.cursor'];
        if (cursor === undefined || reached !== undefined) return;
        reached = cursor;
        await servers[kind].restart('SIGKILL');
      };
      const counts = await shop.extract(tables, { pageRows: 100, commitRows: 1000, pauseMs: 1 });
      assert.ok(Number(reached) >= 1000 && Number(reached) < 5000, `killed at row ${reached}`);
      // It was tried again by itself, from the last commit on.
      assert.ok(
        shop.warnings().some((line) => line.includes('tried again')),
        'the connection was not lost',
      );
      assert.ok((counts['rows'] ?? 0) < 5000 + 1000, `${counts['rows']} rows were read`);
      assert.deepEqual(
        await shop.rows('select count(*) as n, count(distinct id) as ids from raw.shop_orders'),
        [{ n: 5000, ids: 5000 }],
      );
    });
  });
