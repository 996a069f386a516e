import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { OctavoError, seededRandom, type Random } from '../base/index.ts';
import { defineTask } from './define-task.ts';
import { disturbedState, type Disturbance } from './disturbed-state.fixture.ts';
import { hurryingClock, type HurryingClock } from './hurrying-clock.fixture.ts';
import { createRegistry } from './registry.ts';
import { type RunResult } from './run-events.ts';
import { runGoals } from './run-goals.ts';
import { openSqliteState } from './sqlite-state.ts';
import { type BatchState } from './state-port.ts';
import { target } from './targets.ts';

/** What a made-up task is like. */
interface Trait {
  readonly name: string;
  readonly needs: readonly string[];
  /** Its target is its effect; otherwise it is a marker in the state. */
  readonly natural: boolean;
  readonly engine: boolean;
  /** Turns of the event loop that it takes. */
  readonly turns: number;
  /** Attempts that still fail, by an error worth another attempt. */
  failuresLeft: number;
  /** A failing attempt leaves the target behind. */
  readonly failsLate: boolean;
  /** Fails by an error that is not worth another attempt. */
  broken: boolean;
}

/** A world of tasks and their effects, which outlives every process. */
interface World {
  readonly traits: readonly Trait[];
  readonly effects: Map<string, number>;
  readonly clock: HurryingClock;
  readonly state: BatchState;
  /** What must not have happened. */
  readonly wrongs: string[];
}

function makeTraits(random: Random, count: number): readonly Trait[] {
  return Array.from({ length: count }, (_, index) => ({
    name: `t${index}`,
    needs: Array.from({ length: index }, (_unused, at) => `t${at}`).filter(() => random.next() < 2 / count),
    natural: random.next() < 0.6,
    engine: random.next() < 0.3,
    turns: random.below(3),
    failuresLeft: random.next() < 0.3 ? 1 + random.below(2) : 0,
    failsLate: random.next() < 0.5,
    broken: random.next() < 0.1,
  }));
}

/** One process with its own view of the state: runs all tasks until the end or its death. Undefined: it died. */
async function runProcess(
  world: World,
  random: Random,
  disturbance: Disturbance,
): Promise<{ readonly result: RunResult | undefined; readonly calls: number }> {
  const { effects, clock, wrongs } = world;
  const { state, dead, calls } = disturbedState(world.state, clock, disturbance);
  const alive = (): void => {
    if (dead()) throw new Error('the process is dead');
  };
  const tasks = world.traits.map((trait) =>
    defineTask({
      name: trait.name,
      needs: trait.needs,
      ...(trait.natural ? { target: () => target(trait.name, () => effects.has(trait.name)) } : {}),
      ...(trait.engine ? { resources: { engine: 1 } } : {}),
      run: async ({ confirm }) => {
        for (let done = 0; done < trait.turns; done++) await turn();
        alive();
        for (const need of trait.needs)
          if (!(await isDone(world, need))) wrongs.push(`${trait.name} ran before ${need}`);
        if (trait.broken) throw new OctavoError('argument_invalid', trait.name);
        await confirm?.();
        alive();
        if (await isDone(world, trait.name)) wrongs.push(`${trait.name} was done already`);
        const fails = trait.failuresLeft > 0;
        if (fails) trait.failuresLeft -= 1;
        if (!fails || (trait.failsLate && trait.natural))
          effects.set(trait.name, (effects.get(trait.name) ?? 0) + 1);
        if (fails)
          throw random.next() < 0.5 ? new Error(trait.name) : new OctavoError('storage_failed', trait.name);
      },
    }),
  );
  const registry = createRegistry(tasks);
  const goals = tasks.map(({ name }) => ({ task: name, parameters: {} }));
  const worker = `process ${random.below(1e9)}`;
  const running = runGoals({ registry, state, clock, random, worker, workers: 3 }, goals);
  const result = await running.catch((error: unknown) => {
    if (!dead()) throw error;
  });
  assert.deepEqual(wrongs, []);
  return { result: dead() ? undefined : (result ?? undefined), calls: calls() };
}

async function isDone(world: World, name: string): Promise<boolean> {
  const natural = world.traits.find((trait) => trait.name === name)?.natural ?? false;
  return natural ? world.effects.has(name) : (await world.state.markers([name])).has(name);
}

/** A run that came to its end: what failed was broken, what was blocked is what needs it, everything else is done. */
async function checkResult(world: World, result: RunResult): Promise<void> {
  const failed = new Set(result.failed.map(({ taskId }) => taskId));
  const blocked = new Set<string>();
  for (const { name, needs } of world.traits) {
    if (needs.some((need) => failed.has(need) || blocked.has(need))) blocked.add(name);
  }
  assert.deepEqual(result.blocked.map(({ taskId }) => taskId).sort(), [...blocked].sort());
  assert.equal(result.succeeded + result.present, world.traits.length - failed.size - blocked.size);
  for (const { name, broken } of world.traits) {
    if (failed.has(name)) assert.ok(broken, `${name} failed`);
    assert.equal(await isDone(world, name), !failed.has(name) && !blocked.has(name), name);
  }
}

function checkEffects(world: World, disturbed: number): void {
  for (const { name, natural } of world.traits) {
    const made = world.effects.get(name) ?? 0;
    if (natural) assert.equal(made, 1, `${name} was made ${made} times`);
    else
      assert.ok(
        made >= 1 && made <= 1 + disturbed,
        `${name} was made ${made} times, disturbed ${disturbed} times`,
      );
  }
}

const never: Disturbance = { call: Number.POSITIVE_INFINITY, what: 'slow' };
const disturbances: readonly Disturbance['what'][] = ['dies-before', 'dies-after', 'slow'];

test('a runner that dies at any call of the state, before it or after, goes on, and nothing done is done twice', async () => {
  const { calls } = await twoProcesses(never);
  assert.ok(calls > 10);
  for (let call = 1; call <= calls; call++) {
    for (const what of ['dies-before', 'dies-after'] as const) await twoProcesses({ call, what });
  }
});

/** One process that the disturbance befalls, then one that comes to the end. Returns the calls of the first. */
async function twoProcesses(disturbance: Disturbance): Promise<{ readonly calls: number }> {
  const random = seededRandom(1);
  const clock = hurryingClock(0);
  const state = openSqliteState({ path: ':memory:', clock });
  const world: World = { traits: makeTraits(random, 10), effects: new Map(), clock, state, wrongs: [] };
  const first = await runProcess(world, random, disturbance);
  assert.equal(first.result === undefined, disturbance !== never);
  for (const trait of world.traits) trait.broken = false;
  const second = await runProcess(world, random, never);
  assert.equal(second.result?.outcome, 'succeeded');
  await checkResult(world, second.result);
  checkEffects(world, 1);
  assert.deepEqual(await state.running(), []);
  await state.close();
  return first;
}

test('random graphs, failures and deaths, one process or two: blocked is what needs the failed, at the end all is done once', async () => {
  for (let seed = 0; seed < 150; seed++) await live(seed, ':memory:');
});

test('the same on files, opened again after every death', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'octavo-crash-'));
  try {
    for (let seed = 100; seed < 103; seed++) await live(seed, join(folder, `${seed}.db`));
  } finally {
    await rm(folder, { recursive: true });
  }
});

async function live(seed: number, path: string): Promise<void> {
  const random = seededRandom(seed);
  const clock = hurryingClock(Date.UTC(2026, 10, 3));
  const traits = makeTraits(random, 4 + random.below(16));
  const effects = new Map<string, number>();
  let state = openSqliteState({ path, clock });
  let disturbed = 0;
  let mended = false;
  for (let round = 0; ; round++) {
    assert.ok(round < 200, `seed ${seed} did not come to its end`);
    const world: World = { traits, effects, clock, state, wrongs: [] };
    const plans = Array.from({ length: 1 + random.below(2) }, (_, index) => ({
      random: random.fork(`${round}.${index}`),
      disturbance: round > 20 ? never : { call: 1 + random.below(40), what: random.pick(disturbances) },
    }));
    const ended = await Promise.all(
      plans.map(async (plan) => await runProcess(world, plan.random, plan.disturbance)),
    );
    const results = ended.map(({ result }) => result).filter((result) => result !== undefined);
    disturbed += ended.length;
    for (const result of results) await checkResult(world, result);
    if (results.some(({ outcome }) => outcome === 'succeeded')) {
      checkEffects(world, disturbed);
      return await state.close();
    }
    if (results.length > 0 || round > 10) mended = true;
    if (mended) for (const trait of traits) trait.broken = false;
    if (path === ':memory:') continue;
    await state.close();
    state = openSqliteState({ path, clock });
  }
}
