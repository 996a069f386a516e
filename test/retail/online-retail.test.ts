import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { readOracle, type Oracle } from './csv-oracle.ts';

const root = join(import.meta.dirname, '../..');
const archive = join(root, '../shared/data/online-retail-uci.tar.gz');
const absent = existsSync(archive)
  ? false
  : 'the Online Retail data is not beside the project (../shared/data)';
/** The days that are counted; every file is loaded. */
const [from, through] = ['2010-12-01', '2011-01-31'];

let scratch = '';
let oracle: Oracle;

function octavo(...args: readonly string[]): string {
  const command = [
    'src/cli/main.ts',
    '--project',
    'examples/online-retail',
    '--data',
    join(scratch, 'data'),
    ...args,
  ];
  const run = spawnSync(process.execPath, command, { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 28 });
  assert.equal(
    run.status,
    0,
    `octavo ${args.join(' ')}\n${run.stdout.slice(-2000)}\n${run.stderr.slice(-4000)}`,
  );
  return run.stdout;
}

function rowsOf(...args: readonly string[]): readonly Record<string, unknown>[] {
  return (JSON.parse(octavo('--json', ...args)) as { rows: Record<string, unknown>[] }).rows;
}

function listOf(list: string, day: string): readonly { item_id: string; count: number; rank: number }[] {
  return JSON.parse(octavo('--json', 'lists', 'show', list, '--day', day, '--limit', '100')).items;
}

function topOf(totals: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  return new Map([...totals].filter(([, count]) => count > 0).toSorted((a, b) => b[1] - a[1]));
}

before(
  () => {
    if (absent !== false) return;
    scratch = mkdtempSync(join(tmpdir(), 'octavo-retail-'));
    assert.equal(spawnSync('tar', ['xzf', archive, '-C', scratch]).status, 0);
    const folder = join(scratch, 'online-retail-uci/by-day');
    oracle = readOracle(folder, through);
    octavo('import', '--source', 'retail', '--from', join(folder, '*.csv'));
    octavo('backfill', 'statistics:daily-edition', 'model:interactions', '--from', from, '--to', through);
    octavo('run', 'bestseller:daily', '--day', '2010-12-09');
    const lists = ['bestseller:daily', 'bestseller:weekly', 'bestseller:monthly'];
    octavo('backfill', ...lists, '--from', '2011-01-14', '--to', '2011-01-18');
    octavo('backfill', ...lists, '--from', '2011-01-29', '--to', through);
  },
  { timeout: 900_000 },
);

after(() => {
  if (scratch !== '') rmSync(scratch, { recursive: true });
});

test('every row of the files has its class, and the report says how many', { skip: absent }, () => {
  const counted = rowsOf('query', 'select row_class, count(*) as n from lines group by row_class');
  assert.deepEqual(new Map(counted.map((row) => [row['row_class'], Number(row['n'])])), oracle.classes);
  const [without] = rowsOf('query', 'select count(*) as n from sale_lines where not has_customer');
  assert.equal(Number(without?.['n']), oracle.withoutCustomer);
});

test('sales of every day equal the sum over the files to the penny', { skip: absent }, () => {
  const expected = new Map<string, number>();
  for (const { day, pence, copies } of oracle.sales)
    expected.set(day, (expected.get(day) ?? 0) + pence * copies);
  const rows = rowsOf('metrics', 'sales', '--from', from, '--to', through);
  assert.equal(rows.length, 62);
  for (const row of rows) {
    const day = String(row['period']);
    assert.equal(Math.round(Number(row['value']) * 1000), expected.get(day) ?? 0, day);
  }
});

test('the daily and the monthly list count net pieces as an independent count does', { skip: absent }, () => {
  const windows = [
    { list: 'daily', day: '2010-12-09', from: '2010-12-09' },
    { list: 'daily', day: '2011-01-31', from: '2011-01-31' },
    { list: 'monthly', day: '2011-01-31', from: '2011-01-01' },
  ];
  for (const window of windows) {
    // A list of a day knows the cancellations up to that day only.
    const known = readOracle(join(scratch, 'online-retail-uci/by-day'), window.day);
    const totals = new Map<string, number>();
    for (const line of known.sales) {
      if (line.day < window.from) continue;
      totals.set(line.item, (totals.get(line.item) ?? 0) + Math.max(0, line.copies - line.cancelled));
    }
    const expected = topOf(totals);
    const list = listOf(window.list, window.day);
    assert.equal(list.length, Math.min(100, expected.size));
    for (const item of list)
      assert.equal(item.count, expected.get(item.item_id), `${window.list} ${window.day} ${item.item_id}`);
    const counts = [...expected.values()].slice(0, list.length);
    assert.deepEqual(
      list.map((item) => item.count),
      counts,
    );
  }
});

test('the cancelled order of 74,215 pieces puts its product on no list', { skip: absent }, () => {
  for (const list of ['daily', 'weekly', 'monthly']) {
    const found = listOf(list, '2011-01-18').find((item) => item.item_id === '23166');
    assert.ok(found === undefined || found.count < 1000, `${list}: ${JSON.stringify(found)}`);
  }
  assert.equal(
    listOf('daily', '2011-01-18').some((item) => item.item_id === '23166'),
    false,
  );
});

test('postage and the like stand on no list', { skip: absent }, () => {
  for (const item of listOf('monthly', '2011-01-31')) assert.match(item.item_id, /^\d{5}[A-Z]{0,2}$/);
});

test('products that are bought together are recommended', { skip: absent }, () => {
  octavo('run', 'recommend:related', '--day', through);
  const [first] = listOf('monthly', through);
  const answer = JSON.parse(octavo('--json', 'recommend', 'related', first?.item_id ?? ''));
  assert.ok(answer.items.length >= 5);
  assert.ok(answer.items.every((item: { item_id: string }) => item.item_id !== first?.item_id));
});
