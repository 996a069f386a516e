import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { seededRandom } from '../../src/base/index.ts';
import { registerModuleHook } from '../../src/cli/module-hook.ts';
import { createDuckdbEngine, type DuckdbEngine } from '../../src/warehouse/index.ts';
import { checkEvents, findAll, findEditions, type Findings } from './findings.ts';
import { startLife, unlessCrashed, type Life } from './life.ts';
import { createMachine, type Machine, type PowerCut, type Steps } from './machine.ts';
import { makeShop, type TestShop } from './shop.ts';
import { storyClock, tellStory, type Chapter, type StoryClock } from './story.ts';

/**
 * The whole line in one process: collector, journal, loader, extract, seal, models, statistics, lists, recommenders,
 * publication. `STORIES=20` tells more stories; `CUTS=all` cuts the power once at every step, which takes an hour.
 */
const stories = Number(process.env['STORIES'] ?? 2);
const stepsBetweenCutsMax = 40;
const livesMax = 200;

registerModuleHook();
let folder = '';
let shop: TestShop;
let engine: DuckdbEngine;
let undisturbed: Outcome;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'octavo-line-'));
  shop = await makeShop(folder, { until: '2026-11-10', days: 2, scale: 0.01 });
  const data = join(folder, 'data');
  engine = createDuckdbEngine({ scratch: join(data, 'scratch'), directories: [data] });
  undisturbed = await tell(() => ({ seed: 'none' }));
});
after(async () => {
  await engine.close();
  await rm(folder, { recursive: true });
});

test('without a fault, both days are sealed and every list, recommender and statistic of them published', () => {
  const { findings, steps } = undisturbed;
  const names = ['bestseller/daily', 'bestseller/weekly', 'recommend/popular', 'recommend/related'];
  for (const name of [...names, 'statistic/daily', 'statistic/monthly'])
    for (const day of shop.days)
      assert.ok(findings.editions[`${name}/${day}`] !== undefined, `${name} ${day}`);
  assert.match(findings.tables['raw.seals'] ?? '', /^2 /);
  assert.ok(steps.operations > 200 && steps.transactions > 100, JSON.stringify(steps));
});

for (let story = 0; story < stories; story++) {
  test(`power cuts at random steps lose, double and half-publish nothing (story ${story})`, async (context) => {
    const random = seededRandom(`story ${story}`);
    const outcome = await tell((life) => {
      const step = 1 + random.below(stepsBetweenCutsMax);
      const seed = `${story}.${life}`;
      return random.below(3) > 0 ? { seed, operation: step } : { seed, transaction: step };
    });
    assert.deepEqual(outcome.findings, undisturbed.findings);
    assert.ok(outcome.cuts > 5, `${outcome.cuts} power cuts`);
    context.diagnostic(`${outcome.cuts} power cuts`);
  });
}

for (const fault of ['full', 'fail'] as const) {
  test(`a disk that again and again is '${fault}' stops work and loses nothing, and work goes on by itself`, async (context) => {
    const machine = createMachine(join(folder, 'data'));
    const clock = storyClock();
    await machine.start({ seed: fault });
    const life = await startLife(machine, shop, { clock, engine, name: fault });
    try {
      const { chapters, oracle } = tellStory(shop, clock);
      let failures = 0;
      for (const chapter of chapters) {
        // An extraction reads all tables of its source as of one moment, so a new attempt reads them all again:
        // it must fit between two refusals, or it never comes to its end.
        machine.disturb({ fault, at: 5, every: 53, times: 3 });
        for (let done = false; !done; failures += done ? 0 : 1) {
          assert.ok(failures < livesMax, 'the story does not come to its end');
          done = await chapter(life).then(
            () => true,
            (error: unknown) => unlessRefused(error),
          );
        }
      }
      machine.disturb();
      await life.platform.loadAll();
      await checkEvents(life.platform, oracle);
      assert.deepEqual(await findAll(life.platform), undisturbed.findings);
      assert.ok(failures > 2, `${failures} failures`);
      context.diagnostic(`${failures} failures`);
    } finally {
      machine.disturb();
      await life.end();
      machine.close();
      await rm(machine.data, { recursive: true, force: true });
    }
  });
}

function unlessRefused(error: unknown): false {
  assert.match(String(error), /planned|not acknowledged: 503|disk|could not be read or written/);
  return false;
}

test('a power cut at any step', { skip: process.env['CUTS'] !== 'all' }, async (context) => {
  const { operations, transactions } = undisturbed.steps;
  const cuts: PowerCut[] = [
    ...Array.from({ length: operations }, (_, n) => ({ seed: `operation ${n + 1}`, operation: n + 1 })),
    ...Array.from({ length: transactions }, (_, n) => ({ seed: `transaction ${n + 1}`, transaction: n + 1 })),
  ];
  for (const cut of cuts) {
    await context.test(cut.seed, async () => {
      const { findings } = await tell((life) => (life === 0 ? cut : { seed: cut.seed }));
      assert.deepEqual(findings, undisturbed.findings);
    });
  }
});

/** What became of a whole story, told on one machine whose power is cut again and again. */
interface Outcome {
  readonly findings: Findings;
  readonly cuts: number;
  /** Steps of the last life. */
  readonly steps: Steps;
}

/** Tells the story to its end. @param cutOf - the power cut of each life, counted from 0 */
async function tell(cutOf: (life: number) => PowerCut): Promise<Outcome> {
  const machine = createMachine(join(folder, 'data'));
  const clock = storyClock();
  const { chapters, oracle } = tellStory(shop, clock);
  const open = [...chapters];
  try {
    for (let cuts = 0; cuts < livesMax; cuts++) {
      await machine.start(cutOf(cuts));
      const finished = await liveUntilCut({ machine, clock, open, name: `life ${cuts}` }, async (life) => {
        await life.platform.loadAll();
        const steps = machine.steps;
        await checkEvents(life.platform, oracle);
        return { findings: await findAll(life.platform), cuts, steps };
      });
      if (finished !== undefined) return finished;
    }
    assert.fail('the story does not come to its end');
  } finally {
    machine.close();
    await rm(machine.data, { recursive: true, force: true });
  }
}

interface Telling {
  readonly machine: Machine;
  readonly clock: StoryClock;
  /** Chapters that are not told yet. */
  readonly open: Chapter[];
  readonly name: string;
}

/** One life: goes on with the story; undefined when the power was cut before its end. */
async function liveUntilCut<T>(
  { machine, clock, open, name }: Telling,
  finish: (life: Life) => Promise<T>,
): Promise<T | undefined> {
  const crashed = unlessCrashed(machine);
  const life = await startLife(machine, shop, { clock, engine, name }).catch(crashed);
  if (life === undefined) return undefined;
  try {
    await checkEditions(life);
    for (let [chapter] = open; chapter !== undefined; [chapter] = open) {
      await chapter(life);
      // What a doomed process still did was not to be.
      if (machine.crashed) return undefined;
      open.shift();
    }
    return await finish(life);
  } catch (error) {
    return crashed(error);
  } finally {
    await life.end();
  }
}

/** What a start finds published is whole, and is what it is without a crash. */
async function checkEditions({ platform: { store } }: Life): Promise<void> {
  for (const [key, hash] of Object.entries(await findEditions(store)))
    assert.equal(hash, undisturbed.findings.editions[key], key);
}
