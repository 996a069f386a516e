import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import {
  createCalendar,
  fileStorage,
  hasCode,
  manualClock,
  OctavoError,
  seededRandom,
  type Calendar,
} from '../../base/index.ts';
import type { Warehouse } from '../warehouse-port.ts';
import { openWarehouse } from '../warehouse.ts';
import { buildModel, isModelBuilt } from './build-model.ts';
import { loadModels, type ModelSet } from './load-models.ts';

let root: string;
let warehouse: Warehouse;
const day = '2026-11-02';

before(async () => {
  root = await mkdtemp(join(tmpdir(), 'octavo-models-'));
  warehouse = await open(root, createCalendar());
  await warehouse.write('raw.lines', {
    select: `select date '${day}' as business_day, 'l' || i as line_id, 'b' || i % 2 as item_id, i as copies
      from range(4) r(i)`,
    mode: 'replace-days',
    days: [day],
  });
});

after(async () => {
  await warehouse.close();
  await rm(root, { recursive: true });
});

function open(folder: string, calendar: Calendar): Promise<Warehouse> {
  return openWarehouse({
    root: folder,
    storage: fileStorage(),
    clock: manualClock(Date.parse('2026-11-05T00:00:00Z')),
    random: seededRandom(1),
    calendar,
    memory: '300MB',
    processesMax: 1,
  });
}

async function project(models: Readonly<Record<string, string>>): Promise<ModelSet> {
  const folder = await mkdtemp(join(root, 'project-'));
  await mkdir(join(folder, 'models'));
  for (const [name, text] of Object.entries(models))
    await writeFile(join(folder, 'models', `${name}.sql`), text);
  return loadModels(join(folder, 'models'), join(folder, 'macros'));
}

test('a function that there is not is told when the project is opened', async () => {
  const wrong = (text: string, message: RegExp): Promise<void> =>
    assert.rejects(project({ days: text }), { code: 'model_invalid', message });
  const daily = '/*\nmaterialize: day\n*/\n';
  await wrong(
    `${daily}select 1 as n,\n  {{ dya }} as business_day`,
    /models\/days\.sql:5: .*'dya', did you mean 'day'\?/,
  );
  await wrong(
    `${daily}select {{ business_date() }} as d`,
    /models\/days\.sql:4: 'business_date' takes 1 arguments/,
  );
});

const build = (set: ModelSet, name: string, on = day) => {
  const model = set.models.get(name);
  assert.ok(model !== undefined);
  return buildModel({ warehouse, set, model, day: on });
};

const built = (set: ModelSet, name: string, on = day): Promise<boolean> => {
  const model = set.models.get(name);
  assert.ok(model !== undefined);
  return isModelBuilt({ warehouse, set, model, day: on });
};

const sold = (tests: string, sql = '', where = ''): string => `/*
materialize: day
columns:
  business_day: {}
  line_id: { description: the line's own number, personal: true, tests: [${tests}] }
${sql === '' ? '' : `tests:\n  - { name: rule, sql: "${sql}" }\n`}*/
select business_day, line_id, item_id, cast(copies as int) as copies from {{ ref('raw.lines') }}
where business_day = {{ day }}${where}
`;

test('a day is built, documented, and done until the model or a day below it changes', async () => {
  const top = "/*\nmaterialize: day\n*/\nselect * from {{ ref('sold') }} where business_day = {{ day }}";
  const one = await project({ sold: sold('not_null, unique'), top });
  assert.equal(await built(one, 'sold'), false);
  assert.equal((await build(one, 'sold')).recordCount, 4);
  await build(one, 'top');
  assert.deepEqual([await built(one, 'sold'), await built(one, 'top')], [true, true]);
  assert.equal(await built(one, 'sold', '2026-11-03'), false);
  const table = await warehouse.table('model.sold');
  assert.equal(table?.metadata.properties['octavo.personal'], 'line_id');
  assert.equal((await warehouse.table('model.top'))?.metadata.properties['octavo.personal'], 'line_id');
  const open = top.replace('materialize: day', 'materialize: day\ncolumns: { line_id: { personal: false } }');
  await build(await project({ sold: sold('not_null, unique'), top: open }), 'top');
  assert.equal((await warehouse.table('model.top'))?.metadata.properties['octavo.personal'], '');
  await build(one, 'top');
  const again = await project({
    sold: sold('not_null, unique').replace("the line's own number", 'its number'),
    top,
  });
  assert.equal(await built(again, 'sold'), true, 'words for people change nothing');
  const changed = await project({ sold: sold('not_null', '', ' and copies > 0'), top });
  assert.equal(await built(changed, 'sold'), false);
  await build(changed, 'sold');
  assert.equal(await built(changed, 'top'), false, 'the day below was made anew');
});

const failing = [
  [
    'not_null',
    sold('not_null').replace('business_day, line_id', "business_day, nullif(line_id, 'l1') as line_id"),
  ],
  ['unique', sold('unique').replace('business_day, line_id', "business_day, 'same' as line_id")],
  ['accepted_values', sold('{ accepted_values: [l0, l1, l2] }')],
  ['relationship', sold('{ relationships: { to: raw.lines, field: item_id } }')],
  ['rule', sold('not_null', 'select * from {{ this }} where copies > 2')],
] as const;

for (const [name, text] of failing) {
  test(`rows that fail '${name}' are not published, and the error shows them`, async () => {
    const set = await project({ sold: text });
    const before = await warehouse.table('model.sold');
    await assert.rejects(build(set, 'sold'), (error) => {
      assert.ok(error instanceof OctavoError && error.code === 'model_test_failed', String(error));
      assert.match(error.message, new RegExp(`sold\\.sql: (line_id: )?${name}.*[1-4] rows, such as \\{`));
      return true;
    });
    const after = await warehouse.table('model.sold');
    assert.equal(after?.metadata['current-snapshot-id'], before?.metadata['current-snapshot-id']);
    assert.equal(await built(set, 'sold'), false);
  });
}

test('wrong SQL, an unknown model and a circle are named', async () => {
  const wrong = await project({ bad: 'select a from' });
  await assert.rejects(build(wrong, 'bad'), (error) => hasCode(error, 'query_invalid'));
  await assert.rejects(
    project({ a: "select 1 as x from {{ ref('sodl') }}", sold: 'select 1 as x' }),
    /'sodl'.*'sold'/,
  );
  const circle = project({ a: "select 1 as x from {{ ref('b') }}", b: "select 1 as x from {{ ref('a') }}" });
  await assert.rejects(circle, (error) => hasCode(error, 'model_cycle'));
});

for (const [timeZone, dayStart] of [
  ['Europe/Berlin', '02:30'],
  ['America/New_York', '02:00'],
  ['Asia/Seoul', '06:00'],
  ['Australia/Lord_Howe', '02:00'],
] as const) {
  test(`business_date in SQL agrees with the calendar in ${timeZone} at ${dayStart}`, async () => {
    const calendar = createCalendar({ timeZone, dayStart });
    const folder = await mkdtemp(join(root, 'zone-'));
    const zoned = await open(folder, calendar);
    try {
      await zoned.write('raw.hours', {
        select: `select timestamptz '2026-01-01 00:07:00+00' + i * interval 15 minutes as happened_at from range(35040) r(i)`,
        mode: 'replace',
      });
      await mkdir(join(folder, 'models'));
      const sql =
        "select happened_at, {{ business_date('happened_at') }} as business from {{ ref('raw.hours') }}";
      await writeFile(join(folder, 'models', 'days.sql'), sql);
      const set = await loadModels(join(folder, 'models'), join(folder, 'macros'));
      const model = set.models.get('days');
      assert.ok(model !== undefined);
      await buildModel({ warehouse: zoned, set, model, day });
      const { rows } = await zoned.query('select happened_at, business from model.days');
      const wrong = rows.filter(
        (row) => calendar.dayOf((row['happened_at'] as Date).getTime()) !== row['business'],
      );
      assert.deepEqual([rows.length, wrong.slice(0, 3)], [35_040, []]);
    } finally {
      await zoned.close();
    }
  });
}
