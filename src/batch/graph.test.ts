import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defineTask } from './define-task.ts';
import { planGraph } from './graph.ts';
import { planCounts } from './plan-text.ts';
import { createRegistry } from './registry.ts';
import { parseTaskId, taskIdOf } from './task-id.ts';

const nothing = { existing: async () => new Set<never>() };
const task = (name: string, needs: readonly string[] = []) =>
  defineTask({ name, needs, run: () => undefined });

test('a circle is named whole and an unknown need with the nearest name and who asked', async () => {
  const circle = createRegistry([task('a', ['b']), task('b', ['c']), task('c', ['a'])]);
  await assert.rejects(planGraph(circle, [parseTaskId('a')], nothing), /a needs b needs c needs a/);
  const typo = createRegistry([task('sales'), task('report', ['sale'])]);
  await assert.rejects(
    planGraph(typo, [parseTaskId('report')], nothing),
    /'report' needs 'sale'.*did you mean 'sales'/,
  );
});

test('ids are canonical and read back, whatever the texts hold', () => {
  const ref = { task: 'a', parameters: { text: 'x,y)="', day: '2026-11-02' } };
  assert.equal(taskIdOf({ task: 'a', parameters: { day: '2026-11-02' } }), 'a(day=2026-11-02)');
  assert.deepEqual(parseTaskId(taskIdOf(ref)), ref);
});

test('a chain of 10,000 tasks is planned in the order of its needs', async () => {
  const tasks = Array.from({ length: 10_000 }, (_, index) =>
    task(`t${index}`, index === 0 ? [] : [`t${index - 1}`]),
  );
  const plan = await planGraph(createRegistry(tasks), [parseTaskId('t9999')], nothing);
  assert.deepEqual(planCounts(plan), { done: 0, ready: 1, waiting: 9_999 });
  assert.deepEqual([...plan.nodes.keys()].slice(0, 2), ['t0', 't1']);
});
