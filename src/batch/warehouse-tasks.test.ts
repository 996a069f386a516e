import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import {
  createCalendar,
  fileStorage,
  manualClock,
  seededRandom,
  silentLogger,
  systemClock,
} from '../base/index.ts';
import { loadModels, openWarehouse, sealedPrefix, type Warehouse } from '../warehouse/index.ts';
import { createRegistry, type Registry } from './registry.ts';
import { runGoals } from './run-goals.ts';
import { openSqliteState } from './sqlite-state.ts';
import type { BatchState } from './state-port.ts';
import type { TaskRef } from './task.ts';
import { warehouseTasks } from './warehouse-tasks.ts';

const days = ['2026-11-02', '2026-11-03', '2026-11-04', '2026-11-05'] as const;
const calendar = createCalendar();
const clock = manualClock(calendar.intervalOf('2026-11-06').startMs + 3_600_000);

const firsts = `/*
materialize: day
columns:
  business_day: { type: date }
  reader_id: { type: varchar, tests: [not_null, unique] }
  first_day: { type: date }
*/
select {{ day }} as business_day, bought.reader_id, bought.first_day
from (
  select reader_id, min(business_day) as first_day from {{ ref('raw.lines') }}
  where business_day between {{ since }} and {{ day }} group by reader_id
) as bought
left join (select distinct reader_id from {{ ref('firsts') }} where business_day < {{ day }}) as known
  on known.reader_id = bought.reader_id
where known.reader_id is null`;
const seen = `/*
materialize: day
*/
select business_day, reader_id from {{ ref('raw.lines') }} where business_day = {{ day }}`;
const whole = `/*
materialize: table
*/
select reader_id, cast(count(*) as bigint) as lines from {{ ref('seen') }} group by reader_id`;

let root: string;
let warehouse: Warehouse;
let state: BatchState;
let registry: Registry;

before(async () => {
  root = await mkdtemp(join(tmpdir(), 'octavo-warehouse-tasks-'));
  await mkdir(join(root, 'models'));
  for (const [name, text] of Object.entries({ firsts, seen, whole }))
    await writeFile(join(root, 'models', `${name}.sql`), text);
  warehouse = await openWarehouse({
    root,
    storage: fileStorage(),
    clock,
    random: seededRandom(1),
    calendar,
    memory: '300MB',
    processesMax: 1,
  });
  state = openSqliteState({ path: join(root, 'batch.db'), clock: systemClock });
  // Reader i buys on every day of which his number is a multiple, and the first day has been here for long.
  for (const [place, day] of days.entries())
    await warehouse.write('raw.lines', {
      select: `select date '${day}' as business_day, 'r' || i as reader_id from range(24) r(i) where i % ${place + 2} = 0`,
      mode: 'replace-days',
      days: [day],
    });
  const models = await loadModels(join(root, 'models'), join(root, 'macros'));
  const { tasks, prepare } = warehouseTasks({
    warehouse,
    sources: { warehouse, sources: {}, log: silentLogger },
    models,
    calendar,
    clock,
    load: async () => ({}),
  });
  registry = createRegistry(tasks, prepare);
});
after(async () => {
  await state.close();
  await warehouse.close();
  await rm(root, { recursive: true });
});

const seal = (day: string): Promise<unknown> =>
  warehouse.write('raw.events', {
    select: `select date '${day}' as business_day`,
    mode: 'append',
    properties: { [`${sealedPrefix}${day}`]: '1' },
    sealing: true,
  });

async function run(...goals: readonly TaskRef[]): Promise<readonly string[]> {
  const ran: string[] = [];
  const result = await runGoals(
    {
      registry,
      state,
      clock: systemClock,
      random: seededRandom(2),
      worker: 'test',
      log: silentLogger,
      workers: 2,
      limits: { engine: 2, raw: 1, load: 1 },
      leaseMs: 60_000,
      onEvent: (event) => {
        if (event.type === 'finished' && event.outcome === 'succeeded') ran.push(event.taskId);
      },
    },
    goals,
  );
  assert.deepEqual(result.failed, []);
  return ran;
}

const model = (name: string, day: string): TaskRef => ({ task: `model:${name}`, parameters: { day } });
const rows = async (sql: string): Promise<readonly unknown[]> => (await warehouse.query(sql)).rows;

/** What the tables hold, and the same counted straight over the lines. */
async function assertRecounted(from: string): Promise<void> {
  assert.deepEqual(
    await rows('select reader_id, lines::integer as n from model.whole order by 1'),
    await rows(
      `select reader_id, count(*)::integer as n from raw.lines where business_day >= date '${from}' group by 1 order by 1`,
    ),
  );
  assert.deepEqual(
    await rows(
      `select business_day::varchar as day, count(*)::integer as n from model.firsts
       where first_day = business_day group by 1 order by 1`,
    ),
    await rows(
      `select first::varchar as day, count(*)::integer as n from
       (select reader_id, min(business_day) as first from raw.lines group by 1)
       where first >= date '${from}' group by 1 order by 1`,
    ),
  );
}

test('a whole table and a model that reads itself make the days that they count, and count them right', async () => {
  const [, , third, last] = days;
  await seal(third);
  await seal(last);
  const ran = await run(model('whole', last), model('firsts', last));
  assert.deepEqual(
    ran.filter((id) => !id.includes('whole')).toSorted(),
    ['firsts', 'seen'].flatMap((name) => [third, last].map((day) => `model:${name}(day=${day})`)),
  );
  await assertRecounted(third);
  assert.deepEqual(await run(model('whole', last), model('firsts', last)), [], 'nothing is made twice');
});

test('an older day that is made later is counted too', async () => {
  const [, second, , last] = days;
  await seal(second);
  await run(model('seen', second));
  const ran = await run(model('whole', last));
  assert.deepEqual(ran, [`model:whole(day=${last})`], 'the whole table was stale');
  await run(...days.slice(1).map((day) => model('firsts', day)));
  await assertRecounted(second);
});

test('a backfill of a day and of what reads it makes them in their order', async () => {
  const [first, , , last] = days;
  await seal(first);
  const ran = await run(model('whole', first), model('seen', first), model('firsts', first));
  assert.equal(ran.at(-1)?.startsWith('model:whole') || ran.at(-2)?.startsWith('model:whole'), true);
  assert.ok(ran.indexOf(`model:seen(day=${first})`) < ran.indexOf(`model:whole(day=${last})`));
  await assertRecounted(first);
});
