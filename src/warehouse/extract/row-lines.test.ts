import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../base/index.ts';
import type { TextRow } from './database-port.ts';
import { openExtractWorld } from './extract-world.fixture.ts';
import { lastRow, linesOf, RowLineWriter } from './row-lines.ts';
import { openRowStage } from './stage-rows.ts';

const parts = [
  '\r',
  '\n',
  '\r\n',
  '"',
  '""',
  '\\',
  '\\N',
  ',',
  'a',
  '책',
  '📚',
  '\t',
  ' ',
  '\0',
  '\\.',
  '#',
  "'",
  '\u2028',
];

test('whatever a value holds, it comes out of the stage as it went in, over rows longer than the engine’s buffer', async (t) => {
  const world = await openExtractWorld();
  t.after(() => world.close());
  const random = seededRandom('lines');
  const value = (): string | null => {
    if (random.next() < 0.15) return null;
    const length = Math.floor(random.next() * 6);
    return Array.from({ length }, () => parts[Math.floor(random.next() * parts.length)]).join('');
  };
  for (const columns of [1, 3, 40]) {
    const rows: TextRow[] = Array.from({ length: 1500 }, () => Array.from({ length: columns }, value));
    rows.push(
      Array.from({ length: columns }, (_, index) => (index === 0 ? `${'x'.repeat(9_000_000)}"` : null)),
    );
    const names = Array.from({ length: columns }, (_, index) => `c${index}`);
    const text = { type: 'VARCHAR', load: (one: string) => one };
    const mapped = names.map((name) => ({
      ...text,
      source: { name, declared: 'text', select: name, order: 'text', ...text } as const,
    }));
    const stage = await openRowStage(world.warehouse, { columns: mapped, about: 'test' });
    for (let from = 0; from < rows.length; from += 700) {
      const lines = linesOf(rows.slice(from, from + 700));
      assert.deepEqual(lastRow(lines ?? assert.fail()), rows[Math.min(from + 700, rows.length) - 1]);
      await stage.add(lines);
    }
    const loaded = await world.warehouse.engine.session(async (session) => {
      await stage.load(session);
      const { rows: found } = await session.query(`select ${names.join(', ')} from incoming`);
      return found.map((row) => names.map((name) => row[name]));
    });
    await stage.remove();
    assert.deepEqual(loaded, rows);
  }
});

test('values are written alike from bytes and from texts, and what is no UTF-8 is replaced', () => {
  const values = ['', 'a"b', 'x'.repeat(1000), `${'y'.repeat(500)}"`, '책'];
  const writer = new RowLineWriter();
  for (let round = 0; round < 2; round++) {
    for (const value of values) writer.value(Buffer.from(`<${value}>`), 1, Buffer.byteLength(value) + 1);
    writer.none();
    writer.endRow();
    const lines = writer.take() ?? assert.fail();
    assert.deepEqual(lines.bytes, linesOf([[...values, null]])?.bytes);
    writer.giveBack(lines);
  }
  writer.value(Buffer.from([0x61, 0xff, 0x62]), 0, 3);
  writer.endRow();
  assert.deepEqual(lastRow(writer.take() ?? assert.fail()), ['a\ufffdb']);
  assert.equal(writer.take(), undefined);
});
