import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import { createCalendar, systemClock } from '../../src/base/index.ts';
import { openTables } from './engines.ts';
import { openShop } from './shops.ts';

const main = join(import.meta.dirname, '../../src/cli/main.ts');
const bookstore = join(import.meta.dirname, '../../examples/bookstore');

describe('the bookstore with its shop in MariaDB', () => {
  it('runs its whole line, and every sealed total is the shop’s own', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'octavo-bookstore-'));
    try {
      const project = join(folder, 'project');
      cpSync(bookstore, project, { recursive: true, filter: (path) => !path.includes('.octavo') });
      const octavo = (...command: readonly string[]): string => {
        const { status, stdout, stderr } = spawnSync(
          process.execPath,
          [main, ...command, '--project', project, '--json'],
          { encoding: 'utf8', env: { ...process.env, SHOP: `pass word'bookstore` }, maxBuffer: 2 ** 28 },
        );
        assert.equal(status, 0, `${command.join(' ')}: ${stdout.slice(-2000)}${stderr.slice(-2000)}`);
        return stdout;
      };
      octavo('simulate', '--days', '3', '--scale', '0.05');
      const shop = await openShop('mariadb', 'bookstore');
      const database = new DatabaseSync(join(project, '.octavo/shop.db'), { readOnly: true });
      for (const statement of mariadbOf(database)) shop.sql(statement);
      database.close();
      const file = join(project, 'octavo.config.ts');
      const { port, user } = shop.source({}) as { readonly port: number; readonly user: string };
      const server = `type: 'mariadb', port: ${port}, database: 'bookstore', user: '${user}', password: { env: 'SHOP' },`;
      const config = readFileSync(file, 'utf8').replace(/type: 'sqlite',\s*path: '[^']*',/, server);
      assert.ok(config.includes(server));
      writeFileSync(file, config);
      const calendar = createCalendar({ timeZone: 'Asia/Seoul', dayStart: '06:00' });
      const day = calendar.addDays(calendar.dayOf(systemClock.now()), -1);
      octavo('run', '--day', day);
      const warehouse = await openTables(join(project, '.octavo'));
      try {
        const { rows } = await warehouse.query(
          `select totals from raw.seals where business_day = date '${day}'`,
        );
        const totals = JSON.parse(String(rows[0]?.['totals'])) as readonly {
          readonly table: string;
          readonly rows: number;
          readonly sums: Readonly<Record<string, string>>;
        }[];
        const { startMs, endMs } = calendar.intervalOf(day);
        const [from, to] = [startMs, endMs].map((ms) =>
          new Date(ms).toISOString().slice(0, 19).replace('T', ' '),
        );
        const own = shop
          .sql(`set time_zone = '+00:00'; select count(*), cast(sum(paid) as decimal(38, 4)), cast(sum(copies) as decimal(38, 4)) from order_lines
          where ordered_at >= '${from}' and ordered_at < '${to}'`)
          .trim()
          .split('\t');
        const lines = totals.find(({ table }) => table === 'raw.shop_order_lines');
        assert.ok((lines?.rows ?? 0) > 0);
        assert.deepEqual([String(lines?.rows), lines?.sums['paid'], lines?.sums['copies']], own);
        assert.equal(totals.length, 4);
        const sold = await warehouse.query(`select count(*) as n from model.sale_lines`);
        assert.ok(Number(sold.rows[0]?.['n']) > 0);
      } finally {
        await warehouse.close();
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

/** Statements that make the simulated shop's tables in MariaDB, with types as a shop would have them. */
function mariadbOf(database: DatabaseSync): readonly string[] {
  const names = database
    .prepare(
      `select name from sqlite_schema where type = 'table' and name not like 'sqlite_%' and name <> 'simulated_days'`,
    )
    .all()
    .map(({ name }) => String(name));
  return names.map((name) => {
    const columns = database.prepare('select name, type, pk from pragma_table_info(?)').all(name);
    const typeOf = (column: string, type: string): string => {
      if (column.endsWith('_at')) return 'timestamp(3) null';
      if (type.toLowerCase() === 'integer') return 'bigint';
      return column.endsWith('_id') ? 'varchar(100)' : 'text';
    };
    const list = columns.map(
      (column) => `${String(column['name'])} ${typeOf(String(column['name']), String(column['type']))}`,
    );
    const keys = columns.filter(({ pk }) => pk !== 0).map((column) => String(column['name']));
    const rows = database.prepare(`select * from ${name}`).all();
    const values = rows.map(
      (row) =>
        `(${Object.entries(row)
          .map(([column, value]) => literal(column, value))
          .join(', ')})`,
    );
    const inserts = Array.from(
      { length: Math.ceil(values.length / 2000) },
      (_, index) =>
        `insert into ${name} values ${values.slice(index * 2000, index * 2000 + 2000).join(', ')};`,
    );
    return `set time_zone = '+00:00'; create table ${name} (${list.join(', ')}, primary key (${keys.join(', ')})); ${inserts.join('\n')}`;
  });
}

function literal(column: string, value: unknown): string {
  if (value === null) return 'null';
  const text = String(value);
  if (typeof value === 'number') return text;
  const written = column.endsWith('_at') ? text.replace('T', ' ').replace('Z', '') : text;
  return `'${written.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}
