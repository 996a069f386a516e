import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { newestMysql } from '../../services/mysql/programs.ts';
import { hasCode } from '../../src/base/index.ts';
import { openShop, products, type Shop } from './shops.ts';

/** What a column's values look like in the warehouse: its type, and each value as text. */
async function loaded(shop: Shop, column: string): Promise<readonly unknown[]> {
  const { rows } = await shop.warehouse.query(
    `select typeof("${column}") as t, cast("${column}" as varchar) as v from raw.shop_awkward order by id`,
  );
  return [rows[0]?.['t'], ...rows.map((row) => row['v'])];
}

/** By column: its type and two values in the shop; its type and both values in the warehouse. */
type Cases = Readonly<
  Record<
    string,
    readonly [readonly [string, string, string], readonly [string, string | null, string | null]]
  >
>;

async function check(shop: Shop, cases: Cases): Promise<void> {
  const names = Object.keys(cases);
  shop.sql(
    `create table awkward (id integer primary key, ${names.map((name) => `${name} ${cases[name]?.[0][0]}`).join(', ')})`,
  );
  for (const row of [1, 2])
    shop.sql(`insert into awkward values (${row}, ${names.map((name) => cases[name]?.[0][row]).join(', ')})`);
  shop.sql(`insert into awkward (id) values (3)`);
  await shop.extract({ awkward: {} });
  for (const name of names)
    assert.deepEqual(await loaded(shop, name), [...(cases[name]?.[1] ?? []), null], name);
}

describe('types of a shop', () => {
  for (const { product, mysql } of products.filter(({ kind }) => kind === 'mariadb'))
    it(`come from ${product} as they are`, async () => {
      const shop = await openShop('mariadb', 'types_', { mysql });
      // Zero dates are stored only where the server is not strict about them.
      const lax: Shop = {
        ...shop,
        sql: (statements) => shop.sql(`set session sql_mode = ''; ${statements}`),
      };
      const long = `${'1234567890'.repeat(6)}12345`;
      const cases: Cases = {
        tiny_: [
          ['tinyint', '-128', '127'],
          ['INTEGER', '-128', '127'],
        ],
        flag: [
          ['boolean', 'true', 'false'],
          ['INTEGER', '1', '0'],
        ],
        int_u: [
          ['int unsigned', '0', '4294967295'],
          ['BIGINT', '0', '4294967295'],
        ],
        big: [
          ['bigint', '-9223372036854775808', '9223372036854775807'],
          ['BIGINT', '-9223372036854775808', '9223372036854775807'],
        ],
        big_u: [
          ['bigint unsigned', '0', '18446744073709551615'],
          ['DECIMAL(20,0)', '0', '18446744073709551615'],
        ],
        padded: [
          ['int(8) zerofill', '42', '0'],
          ['BIGINT', '42', '0'],
        ],
        price: [
          ['decimal(38, 10)', '1234567890123456789012345678.0123456789', '-0.0000000001'],
          ['DECIMAL(38,10)', '1234567890123456789012345678.0123456789', '-0.0000000001'],
        ],
        huge: [
          ['decimal(65, 0)', long, `-${long}`],
          ['VARCHAR', long, `-${long}`],
        ],
        single: [
          ['float', '16777217', '0.1'],
          ['FLOAT', '16777216.0', '0.1'],
        ],
        twice: [
          ['double', '0.1', '1.7976931348623157e308'],
          ['DOUBLE', '0.1', '1.7976931348623157e+308'],
        ],
        day: [
          ['date', `'0000-00-00'`, `'2026-02-00'`],
          ['DATE', null, null],
        ],
        day_ok: [
          ['date', `'0001-01-01'`, `'9999-12-31'`],
          ['DATE', '0001-01-01', '9999-12-31'],
        ],
        wall: [
          ['datetime(6)', `'2026-03-29 02:30:00.123456'`, `'0000-00-00 00:00:00'`],
          ['TIMESTAMP', '2026-03-29 02:30:00.123456', null],
        ],
        instant_: [
          ['timestamp(3) null', `'2026-11-01 00:00:00.5'`, 'null'],
          ['TIMESTAMP WITH TIME ZONE', '2026-11-01 00:00:00.5+00', null],
        ],
        long_time: [
          ['time(3)', `'838:59:59'`, `'-00:00:00.5'`],
          ['VARCHAR', '838:59:59.000', '-00:00:00.500'],
        ],
        year_: [
          ['year', '1901', '2155'],
          ['INTEGER', '1901', '2155'],
        ],
        bit1: [
          ['bit(1)', `b'1'`, `b'0'`],
          ['BOOLEAN', 'true', 'false'],
        ],
        bit64: [
          ['bit(64)', `~0`, '5'],
          ['DECIMAL(20,0)', '18446744073709551615', '5'],
        ],
        emoji: [
          ['varchar(40) collate utf8mb4_unicode_ci', `'책 📚 "q" \\\\ 한글'`, `''`],
          ['VARCHAR', '책 📚 "q" \\ 한글', ''],
        ],
        euckr: [
          ['varchar(40) character set euckr', `'똑같은 책'`, `'\\n\\t'`],
          ['VARCHAR', '똑같은 책', '\n\t'],
        ],
        state: [
          [`enum('새 책', 'used')`, `'새 책'`, `'used'`],
          ['VARCHAR', '새 책', 'used'],
        ],
        tags: [
          [`set('a', 'b', 'c')`, `'a,c'`, `''`],
          ['VARCHAR', 'a,c', ''],
        ],
        doc: [
          ['json', `'{"n": 12345678901234567890, "s": "책"}'`, `'[]'`],
          ['VARCHAR', '{"n": 12345678901234567890, "s": "책"}', '[]'],
        ],
        bytes: [
          ['varbinary(20)', `x'00FF27'`, `''`],
          ['BLOB', '\\x00\\xFF\\x27', ''],
        ],
        fixed_: [
          ['binary(3)', `x'01'`, `'abc'`],
          ['BLOB', '\\x01\\x00\\x00', 'abc'],
        ],
        place: [
          ['point', 'point(1, 2)', 'null'],
          [
            'BLOB',
            '\\x01\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\xF0?\\x00\\x00\\x00\\x00\\x00\\x00\\x00@',
            null,
          ],
        ],
        uuid_: [
          ['uuid', `'123e4567-e89b-12d3-a456-426614174000'`, 'null'],
          ['UUID', '123e4567-e89b-12d3-a456-426614174000', null],
        ],
      };
      // Types that MySQL has not; the old one does not know JSON either.
      const { uuid_: _uuid, ...ofMysql } = cases;
      const { doc: _doc, ...ofOldMysql } = ofMysql;
      await check(lax, mysql === undefined ? cases : mysql === newestMysql ? ofMysql : ofOldMysql);
      assert.ok(shop.warnings().some((line) => line.includes('no counterpart') && line.includes('"day"')));
    });

  it('come from PostgreSQL as they are', async () => {
    const shop = await openShop('postgres', 'types_');
    shop.sql(`create type mood as enum ('좋음', 'bad'); create domain price as numeric(12, 3)`);
    await check(shop, {
      flag: [
        ['boolean', 'true', 'false'],
        ['BOOLEAN', 'true', 'false'],
      ],
      small: [
        ['smallint', '-32768', '32767'],
        ['INTEGER', '-32768', '32767'],
      ],
      big: [
        ['bigint', '-9223372036854775808', '9223372036854775807'],
        ['BIGINT', '-9223372036854775808', '9223372036854775807'],
      ],
      fixed_: [
        ['numeric(38, 10)', '1234567890123456789012345678.0123456789', '-0.0000000001'],
        ['DECIMAL(38,10)', '1234567890123456789012345678.0123456789', '-0.0000000001'],
      ],
      domain_: [
        ['price', '1.5', '-1.125'],
        ['DECIMAL(12,3)', '1.500', '-1.125'],
      ],
      open_: [
        ['numeric', `'NaN'`, '0.00000000000000000000000000000000000000000001'],
        ['VARCHAR', 'NaN', '0.00000000000000000000000000000000000000000001'],
      ],
      endless: [
        ['numeric', `'Infinity'`, `'-Infinity'`],
        ['VARCHAR', 'Infinity', '-Infinity'],
      ],
      single: [
        ['real', `'NaN'`, '0.1'],
        ['FLOAT', 'nan', '0.1'],
      ],
      twice: [
        ['double precision', `'-Infinity'`, '0.1'],
        ['DOUBLE', '-inf', '0.1'],
      ],
      cash: [
        ['money', `'-1234.56'`, '0'],
        ['DECIMAL(19,2)', '-1234.56', '0.00'],
      ],
      day: [
        ['date', `'infinity'`, `'0044-03-15 BC'`],
        ['DATE', null, '0044-03-15 (BC)'],
      ],
      wall: [
        ['timestamp', `'2026-03-29 02:30:00.123456'`, `'-infinity'`],
        ['TIMESTAMP', '2026-03-29 02:30:00.123456', null],
      ],
      instant_: [
        ['timestamptz', `'2026-11-01 09:00:00.5+09'`, `'infinity'`],
        ['TIMESTAMP WITH TIME ZONE', '2026-11-01 00:00:00.5+00', null],
      ],
      clock: [
        ['time', `'23:59:59.999999'`, `'24:00'`],
        ['TIME', '23:59:59.999999', null],
      ],
      zoned: [
        ['timetz', `'23:59:59+09'`, `'00:00+00'`],
        ['VARCHAR', '23:59:59+09', '00:00:00+00'],
      ],
      span: [
        ['interval', `'1 year 2 mons -3 days 04:05:06.7'`, `'-1 day'`],
        ['VARCHAR', 'P1Y2M-3DT4H5M6.7S', 'P-1D'],
      ],
      text_: [
        ['text', `'책 📚 "q" \\ 한글'`, `''`],
        ['VARCHAR', '책 📚 "q" \\ 한글', ''],
      ],
      feeling: [
        ['mood', `'좋음'`, `'bad'`],
        ['VARCHAR', '좋음', 'bad'],
      ],
      doc: [
        ['json', `'{"n": 12345678901234567890}'`, `'[]'`],
        ['VARCHAR', '{"n": 12345678901234567890}', '[]'],
      ],
      docb: [
        ['jsonb', `'{"n": 12345678901234567890}'`, `'[]'`],
        ['VARCHAR', '{"n": 12345678901234567890}', '[]'],
      ],
      bytes: [
        ['bytea', `'\\x00FF27'`, `''`],
        ['BLOB', '\\x00\\xFF\\x27', ''],
      ],
      uuid_: [
        ['uuid', `'123e4567-e89b-12d3-a456-426614174000'`, 'null'],
        ['UUID', '123e4567-e89b-12d3-a456-426614174000', null],
      ],
      ids: [
        ['bigint[]', `'{9223372036854775807,null}'`, `'{}'`],
        ['BIGINT[]', '[9223372036854775807, NULL]', '[]'],
      ],
      prices: [
        ['numeric(10, 2)[]', `'{1.10,-2}'`, 'null'],
        ['DECIMAL(10,2)[]', '[1.10, -2.00]', null],
      ],
      words: [
        ['text[]', `'{"a,b","\\"q\\"",책}'`, 'null'],
        ['VARCHAR[]', `['a,b', '"q"', 책]`, null],
      ],
      net: [
        ['inet', `'::1/64'`, `'10.0.0.1'`],
        ['VARCHAR', '::1/64', '10.0.0.1/32'],
      ],
      bits: [
        ['bit(3)', `b'101'`, `b'000'`],
        ['VARCHAR', '101', '000'],
      ],
      range_: [
        ['int4range', `'[1,5)'`, `'empty'`],
        ['VARCHAR', '[1,5)', 'empty'],
      ],
    });
    assert.ok(shop.warnings().some((line) => line.includes('no counterpart') && line.includes('instant_')));
  });

  it('that do not fit are said with their column, and a declared type helps', async () => {
    const shop = await openShop('postgres', 'unfit');
    shop.sql(
      `create table prices (id integer primary key, price numeric(10, 2)); insert into prices values (1, 'NaN')`,
    );
    await assert.rejects(
      shop.extract({ prices: {} }),
      (error) => hasCode(error, 'source_value_unfit') && /'price'.*numeric\(10,2\).*NaN/.test(error.message),
    );
    await shop.extract({ prices: { columns: { price: 'double' } } });
    assert.deepEqual(await shop.rows(`select cast(price as varchar) as v from raw.shop_prices`), [
      { v: 'nan' },
    ]);
  });
});
