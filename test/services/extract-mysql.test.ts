import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { newestMysql } from '../../services/mysql/programs.ts';
import { mysqlsHere, openShop, sharedMysql, type Shop } from './shops.ts';

const mysql = newestMysql;
const main = join(import.meta.dirname, '../../src/cli/main.ts');
const open = (name: string): Promise<Shop> => openShop('mariadb', name, { mysql });

/** Words that one collation or another takes for the same, or sorts otherwise than their bytes. */
const words = ['가나', '각', 'ㄱ', 'a', 'B', 'c', 'Z', '한국의 책', 'é', '漢字', '😀', '책 📚'];
/** Equal but for accents, case and spaces at the end: keys of collations that tell these apart. */
const similar = ['e', 'E', 'É', 'résumé', 'resume', 'Resume', 'a ', 'A'];

describe('the newest MySQL', { skip: mysqlsHere.includes(mysql) ? false : 'it is not here' }, () => {
  it('gives the columns that older ones have not: invisible, generated and of vectors', async () => {
    const shop = await open('modern');
    shop.sql(`create table shelf (id bigint unsigned primary key, price decimal(20, 4) unsigned, secret varchar(20) invisible,
        cents bigint unsigned generated always as (price * 100) virtual, label varchar(50) generated always as (concat('책 ', id)) stored, place vector(2),
        doc json, on_sale bool as (price < 1) virtual invisible);
      insert into shelf (id, price, secret, place, doc) values
        (18446744073709551615, 1234567890123456.7891, '비밀', to_vector('[1,-2.5]'), '{"책": 1.10}'), (2, 0, null, null, null)`);
    const counts = await shop.extract({ shelf: { control: ['price', 'cents'] } });
    assert.equal(counts['added'], 2);
    const rows = await shop.rows(
      `select id::varchar as id, price::varchar as price, secret, cents::varchar as cents, label,
        hex(place) as place, doc, on_sale from raw.shop_shelf order by length(label)`,
    );
    assert.deepEqual(rows, [
      {
        id: '2',
        price: '0.0000',
        secret: null,
        cents: '0',
        label: '책 2',
        place: null,
        doc: null,
        on_sale: 1,
      },
      {
        id: '18446744073709551615',
        price: '1234567890123456.7891',
        secret: '비밀',
        cents: '123456789012345679',
        label: '책 18446744073709551615',
        // 32-bit floats as they lie in memory.
        place: '0000803F000020C0',
        doc: '{"책": 1.1}',
        on_sale: 0,
      },
    ]);
  });

  it('tells rows apart by the invisible key that it makes itself, in every mode', async () => {
    const shop = await open('gipk');
    shop.sql(`set session sql_generate_invisible_primary_key = on; create table visits (page varchar(20)); create table clicks (page varchar(20));
      insert into visits values ('a'), ('a'), ('b'); insert into clicks values ('x'), ('x')`);
    await shop.grantLog('');
    const tables = {
      visits: { mode: 'incremental', cursor: 'my_row_id', lookBack: 0 },
      clicks: { mode: 'log' },
    };
    assert.equal((await shop.extract(tables))['added'], 5);
    // Only the columns that matter are in the log.
    shop.sql(`set session binlog_row_image = 'MINIMAL'; insert into visits values ('b'); update clicks set page = 'y' where my_row_id = 2;
      insert into clicks values ('z'); delete from clicks where my_row_id = 1`);
    const { added, changed, deleted } = await shop.extract(tables);
    assert.deepEqual({ added, changed, deleted }, { added: 2, changed: 1, deleted: 1 });
    assert.deepEqual(await shop.rows('select my_row_id::int as id, page from raw.shop_clicks order by id'), [
      { id: 2, page: 'y' },
      { id: 3, page: 'z' },
    ]);
  });

  it('is paged by keys of Korean and others in the order of any collation', async () => {
    const shop = await open('collations');
    const keys: Readonly<Record<string, readonly string[]>> = {
      utf8mb4_0900_ai_ci: words,
      utf8mb4_0900_as_cs: [...words, ...similar],
      // Letters of Hangul apart are the same syllable to all but this one.
      utf8mb4_0900_bin: [...words, ...similar, '각'.normalize('NFD')],
      utf8mb4_unicode_ci: words.filter((word) => word !== '😀'),
      utf8mb4_bin: words,
    };
    for (const [collation, own] of Object.entries(keys)) {
      const values = own.map((word) => `('${word}', 1)`).join(', ');
      shop.sql(
        `create table ${collation}_ (word varchar(40) collate ${collation} primary key, n int); insert into ${collation}_ values ${values}`,
      );
    }
    shop.sql(
      `create table euckr_ (word varchar(40) character set euckr collate euckr_korean_ci primary key, n int);
        insert into euckr_ values ('가나', 1), ('똑', 1), ('a', 1), ('책', 1)`,
    );
    const expected = { ...keys, euckr_korean_ci: ['가나', '똑', 'a', '책'] };
    const nameOf = (collation: string): string =>
      collation.startsWith('euckr') ? 'euckr_' : `${collation}_`;
    const tables = Object.fromEntries(
      Object.keys(expected).map((collation) => [collation, { from: nameOf(collation) }]),
    );
    await shop.extract(tables, { pageRows: 2 });
    for (const [collation, own] of Object.entries(expected)) {
      const rows = await shop.rows(`select word from raw.shop_${collation}`);
      assert.deepEqual(rows.map(({ word }) => String(word)).toSorted(), own.toSorted(), collation);
      // A row in the middle goes and another changes.
      shop.sql(
        `update ${nameOf(collation)} set n = 2 where word = '${own[1]}'; delete from ${nameOf(collation)} where word = '${own[0]}'`,
      );
    }
    const count = Object.keys(expected).length;
    const { added, changed, deleted } = await shop.extract(tables, { pageRows: 3 });
    assert.deepEqual({ added, changed, deleted }, { added: 0, changed: count, deleted: count });
  });

  it('lets the account in by caching_sha2_password, encrypted or not, also when it remembers nobody', async () => {
    const shop = await open('account');
    const server = await sharedMysql(mysql);
    const plugin = server.sql(`select plugin from mysql.user where user = 'r_account'`).trim();
    assert.equal(plugin, 'caching_sha2_password');
    shop.sql(`create table items (id int primary key); insert into items values (1)`);
    await shop.grantLog('');
    const tables = { items: { mode: 'log' } };
    for (const [id, mode] of (['off', 'encrypt', 'off', 'encrypt'] as const).entries()) {
      if (id < 2) server.sql('flush privileges');
      // With TLS the password goes through it, without it is encrypted with the server’s own key.
      await shop.extract(tables, { tls: { mode } });
      shop.sql(`insert into items values (${id + 2})`);
    }
    assert.equal((await shop.extract(tables))['added'], 1);
    await assert.rejects(shop.extract(tables, { user: 'root' }), { code: 'source_denied' });
    shop.sql(`alter user r_account@'127.0.0.1' require ssl`);
    await assert.rejects(shop.extract(tables, { tls: { mode: 'off' } }), { code: 'source_denied' });
    await shop.extract(tables, { tls: { mode: 'encrypt' } });
    server.sql(`alter user r_account@'127.0.0.1' require none; set global require_secure_transport = on`);
    try {
      const insecure = shop.extract(tables, { tls: { mode: 'off' } });
      await assert.rejects(insecure, { code: 'source_tls_failed', message: /insecure transport/ });
    } finally {
      server.sql('set global require_secure_transport = off');
    }
    for (const change of ['account lock', 'account unlock password expire']) {
      shop.sql(`alter user r_account@'127.0.0.1' ${change}`);
      await assert.rejects(shop.extract(tables), { code: 'source_denied' }, change);
    }
  });

  it('is tested and read by the commands', async () => {
    const shop = await open('commands');
    shop.sql(`create table items (id int primary key auto_increment, title varchar(50), price decimal(10, 2) unsigned);
      insert into items (title, price) values ('책', 10.5), ('b', 2)`);
    const folder = mkdtempSync(join(tmpdir(), 'octavo-mysql-project-'));
    try {
      const source = shop.source({ items: { control: ['price'] } });
      writeFileSync(
        join(folder, 'octavo.config.ts'),
        `export default ${JSON.stringify({ sources: { shop: source } })};\n`,
      );
      const octavo = (...command: readonly string[]): string => {
        const { status, stdout, stderr } = spawnSync(
          process.execPath,
          [main, ...command, '--project', folder],
          { encoding: 'utf8', env: { ...process.env, SHOP: shop.password } },
        );
        assert.equal(status, 0, `${command.join(' ')}: ${stdout}${stderr}`);
        return stdout;
      };
      assert.match(octavo('sources', 'test', 'shop', '--json'), /MySQL 9\.\d+/);
      assert.match(octavo('sources', 'test', 'shop', '--columns'), /decimal\(10,2\) unsigned/);
      octavo('import', '--source', 'shop');
      const found = octavo('query', 'select sum(price) as total from raw.shop_items', '--json');
      assert.match(found, /12\.50/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
