import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventKinds, personalPaths } from '../../event/index.ts';
import { personalColumns } from '../personal.ts';
import { eventColumns, failedColumns } from './event-columns.ts';
import { inLoaderWorld } from './loader-world.fixture.ts';

const at = '2026-03-01T10:00:00Z';

/** An event with a mark at each of these places. */
function marked(paths: readonly string[]): Record<string, unknown> {
  const event: Record<string, unknown> = {
    id: '0192f0c1-7e2a-7c3d-9a4b-000000000001',
    kind: 'custom_kind',
    occurred_at: at,
    received_at: at,
    source: 'web',
  };
  for (const path of paths) {
    const [first = '', second] = path.slice(1).split('/');
    const inner = event[first] ?? {};
    event[first] = second === undefined ? `mark ${path}` : { ...inner, [second]: `mark ${path}` };
  }
  return event;
}

test('what is personal in an event is so in the column that it lands in, and in a table of before', () =>
  inLoaderWorld(async ({ warehouse, events, failed, loader }) => {
    const unmarked = eventColumns.map((column) => ({ ...column, personal: false }));
    await warehouse.ensureTable('raw.events', unmarked);
    const kinds = [...eventKinds.keys(), 'custom_kind'];
    const paths = [...new Set(kinds.flatMap((kind) => personalPaths(kind)))];
    const event = marked(paths.filter((path) => path !== '/properties'));
    await events.append(0, [Buffer.from(JSON.stringify(event))]);
    const error = { code: 'event_invalid', path: '', rule: 'required', message: 'x' };
    const refused = { received_at: at, source: 'web', error, raw: JSON.stringify(event) };
    const around = { user_agent: 'mark agent', ip: 'mark ip' };
    await failed.append(0, [Buffer.from(JSON.stringify({ ...refused, ...around }))]);
    await loader.loadAll();
    for (const [name, declared] of [
      ['raw.events', eventColumns],
      ['raw.failed_events', failedColumns],
    ] as const) {
      const [row = {}] = (await warehouse.query(`select * from ${name}`)).rows;
      const holding = Object.keys(row).filter((column) => String(row[column]).includes('mark '));
      const table = await warehouse.table(name);
      assert.ok(table !== undefined && holding.length > 5);
      assert.deepEqual(personalColumns(table).toSorted(), holding.toSorted());
      assert.deepEqual(
        declared.filter((column) => column.personal === true).map((column) => column.name),
        Object.keys(row).filter((column) => holding.includes(column)),
      );
    }
  }));
