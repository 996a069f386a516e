import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { registerModuleHook } from '../../src/cli/module-hook.ts';
import { callCommand, documentsOf, runCommand, type Ended } from './run-command.ts';

registerModuleHook();

const folder = await mkdtemp(join(tmpdir(), 'octavo-project-'));
const octavo = async (...args: readonly string[]): Promise<Ended> => runCommand(args, folder);
/** In this process, where neither the exit code of an error nor a fresh start matters. */
const call = async (...args: readonly string[]): Promise<Ended> => callCommand(args, folder);

before(async () => {
  // As `npm init` leaves it: it would make every file of the project CommonJS.
  await writeFile(join(folder, 'package.json'), '{ "name": "my-store", "type": "commonjs" }\n');
  const made = await call('init', '--json');
  assert.equal(made.code, 0, made.err);
});

after(async () => {
  await rm(folder, { recursive: true, force: true });
});

test('a folder that was empty holds a project, and a second one is refused', async () => {
  const names = await readdir(folder);
  for (const name of [
    'octavo.config.ts',
    'models',
    'lists',
    'metrics',
    'recommenders',
    'tasks',
    '.gitignore',
  ])
    assert.ok(names.includes(name), name);
  const again = await octavo('init');
  assert.equal(again.code, 2);
  assert.match(again.err, /is not empty/);
});

test('without data every command says what there is not yet', async () => {
  const [status, list, metric] = await Promise.all([
    octavo('status'),
    octavo('lists', 'show', 'daily'),
    octavo('metrics', 'sales'),
  ]);
  assert.equal(status.code, 0);
  assert.match(status.out, /no days yet[\s\S]*no editions yet[\s\S]*no runs yet/);
  for (const ended of [list, metric]) {
    assert.equal(ended.code, 2);
    assert.match(ended.err, /has not been published yet\n {2}hint: run a day’s cycle/);
  }
});

test('a task and a model of the project’s own join the graph, and run on a simulated store', async () => {
  await writeFile(
    join(folder, 'models', 'my_copies.sql'),
    `/*
materialize: day
columns: { item_id: { tests: [not_null] } }
*/
select business_day, item_id, cast(sum(copies) as bigint) as copies from {{ ref('sale_lines') }}
where business_day = {{ day }} group by business_day, item_id
`,
  );
  await writeFile(
    join(folder, 'tasks', 'count-copies.ts'),
    `import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { defineTask, type Platform } from 'octavo';

export default ({ warehouse, dataFolder }: Platform) =>
  defineTask({
    name: 'count-copies',
    parameters: { day: 'day' },
    daily: true,
    needs: ({ day }) => [\`model:my_copies(day=\${day})\`],
    run: async ({ parameters: { day } }) => {
      const { rows } = await warehouse.query('select sum(copies) as copies from model.my_copies');
      await writeFile(join(dataFolder, 'copies.txt'), \`\${day} \${String(rows[0]?.copies)}\`);
    },
  });
`,
  );
  const simulated = await octavo('simulate', '--days', '1', '--scale', '0.05', '--json');
  assert.equal(simulated.code, 0, simulated.err);
  const { from: day } = documentsOf(simulated).at(-1) as { from: string };
  const plan = await octavo('run', '--plan');
  assert.match(
    plan.out,
    new RegExp(`waiting count-copies\\(day=${day}\\) .* after model:my_copies\\(day=${day}\\)`),
  );
  const run = await octavo('run', 'count-copies', '--json');
  assert.equal(run.code, 0, run.out);
  assert.deepEqual((documentsOf(run).at(-1) as { result: { outcome: string } }).result.outcome, 'succeeded');
  const written = (await readFile(join(folder, '.octavo', 'copies.txt'), 'utf8')).split(' ');
  assert.equal(written[0], day);
  assert.ok(Number(written[1]) > 0, String(written));
  const [again, rows, unknown] = await Promise.all([
    octavo('run', 'count-copies', '--plan', '--json'),
    call('query', 'select count(*) as n from my_copies', '--json'),
    octavo('run', 'count-copys'),
  ]);
  assert.equal((documentsOf(again)[0] as { tasks: { done: boolean }[] }).tasks[0]?.done, true);
  assert.ok(Number((documentsOf(rows)[0] as { rows: { n: number }[] }).rows[0]?.n) > 0);
  assert.equal(unknown.code, 2);
  assert.match(unknown.err, /did you mean 'count-copies'/);
});

test('a day that is not over is refused at once', async () => {
  const ended = await octavo('run', '--day', '2126-01-01');
  assert.equal(ended.code, 2);
  assert.match(
    ended.err,
    /the business day is not over yet: 2126-01-01 ends at .*\n {2}hint: the newest day that is over/,
  );
});

test('a damaged metadata file is found, and gone back from', async () => {
  const metadata = join(folder, '.octavo', 'warehouse', 'raw', 'events', 'metadata');
  const newest = (await readdir(metadata))
    .filter((name) => name.endsWith('.json'))
    .toSorted((a, b) => (a < b ? -1 : 1))
    .at(-1);
  await writeFile(join(metadata, newest ?? ''), '{ "format-version": 2, "tab');
  const sick = await call('doctor');
  assert.equal(sick.code, 1);
  assert.match(sick.out, /go back to it: octavo doctor --restore raw\.events/);
  const restored = await call('doctor', '--restore', 'raw.events');
  assert.equal(restored.code, 0, restored.err);
  const well = await call('doctor', '--json');
  assert.equal(well.code, 0, well.out);
});

test('a wrong configuration, list and task are told with file, line and the nearest name', async () => {
  const wrong = async (file: string, from: string, to: string): Promise<string> => {
    const path = join(folder, file);
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.replace(from, to));
    const ended = await octavo('lists');
    await writeFile(path, text);
    assert.equal(ended.code, 2);
    return ended.err;
  };
  assert.match(
    await wrong('octavo.config.ts', 'dayStart', 'dayStrat'),
    /octavo\.config\.ts:\d+: .*did you mean 'dayStart'/,
  );
  assert.match(
    await wrong('lists/daily.yaml', 'family: daily', 'family: dayly'),
    /lists\/daily\.yaml:6: .*did you mean 'daily'/,
  );
  assert.match(
    await wrong('tasks/morning-report.ts', 'needs:', 'neds:'),
    /tasks\/morning-report\.ts:\d+: .*did you mean 'needs'/,
  );
});
