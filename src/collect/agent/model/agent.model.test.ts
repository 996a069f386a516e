import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  faultyStorage,
  fileStorage,
  manualClock,
  seededRandom,
  silentLogger,
  type FaultyStorage,
} from '../../../base/index.ts';
import { openAgent, type Agent } from '../agent.ts';
import { parseShipConfig } from '../parse-config.ts';
import { machineLogFiles } from '../file/log-files.ts';
import { compileInput } from '../input.ts';
import { LogWorld, type WorldNames } from './log-world.fixture.ts';
import { randomOperations, type Operation } from './operations.fixture.ts';
import { Receiver } from './receiver.fixture.ts';

/*
 * Random lives of a log and its agent: what was written is compared with what arrived. A sequence is made of small operations
 * by its seed; when one fails, operations are left out as long as it still fails, and what is left is told.
 *
 *   OCTAVO_MODEL_SEQUENCES=10000 OCTAVO_MODEL_SEED=1 node --test src/collect/agent/model/agent.model.test.ts
 */
const sequences = Number(process.env['OCTAVO_MODEL_SEQUENCES'] ?? 150);
const firstSeed = Number(process.env['OCTAVO_MODEL_SEED'] ?? 1);
// Files that need no disk: the agent is killed, not the machine, so nothing is lost that was written.
const home = process.env['OCTAVO_MODEL_FOLDER'] ?? (existsSync('/dev/shm') ? '/dev/shm' : tmpdir());

const orders: readonly WorldNames[] = [
  { log: 'app.log', rotated: (turn) => `app.log.${turn}` },
  { log: 'app.log', rotated: (turn) => `app-${turn}.log` },
];

/** What became of the lines of a life. */
interface Outcome {
  readonly written: number;
  /** Lines that the agent could read. */
  readonly must: number;
  readonly arrived: number;
  /** Times that an event came again, with its id. */
  readonly again: number;
  readonly restarts: number;
  /** What is wrong, if anything. */
  readonly wrong: string | undefined;
}

/** Lives through the operations. */
async function live(seed: number, operations: readonly Operation[]): Promise<Outcome> {
  const folder = mkdtempSync(join(home, 'octavo-model-'));
  const random = seededRandom(seed);
  const world = new LogWorld(folder, orders[seed % orders.length] ?? random.pick(orders), random);
  const receiver = new Receiver();
  const clock = manualClock(1_767_225_600_000);
  const storage = faultyStorage(fileStorage(), { seed });
  const { inputs } = parseShipConfig(
    `to: { journal: x }\ninputs: [{ files: '${folder}/app*', format: logfmt }]\n`,
    'model.yaml',
  );
  const start = async (): Promise<Agent> => {
    const agent = await openAgent({
      name: 'model',
      inputs: inputs.map((input) => compileInput(input, false)),
      sink: receiver.sink(),
      files: machineLogFiles(),
      storage,
      directory: join(folder, 'state'),
      clock,
      logger: silentLogger,
      sessions: { idleMs: 1_800_000, reorderMs: 0 },
      once: false,
      queueBytesMax: 1_000_000,
      idleMs: 300_000,
      forgetMs: 1e12,
      // It reads between two looks at the names, or looks each time.
      scanMs: seed % 2 === 0 ? 1500 : 0,
    });
    return agent;
  };
  let agent = await start();
  let restarts = 0;
  const restart = async (): Promise<void> => {
    restarts += 1;
    if (!storage.crashed) await storage.crash();
    await agent.close().catch(() => undefined);
    world.killed();
    storage.restart({ seed });
    agent = await start();
  };
  const guarded = async (run: () => Promise<unknown>): Promise<void> => {
    try {
      await run();
    } catch (error) {
      if (!storage.crashed) throw error;
      await restart();
    }
  };
  const step = (): Promise<void> =>
    guarded(async () => {
      clock.advance(700);
      await agent.step();
      world.looked(agent.openInodes);
    });
  const drain = async (): Promise<void> => {
    receiver.mend();
    await guarded(async () => {
      clock.advance(2000);
      while (await agent.step());
      await agent.flush();
      world.looked(agent.openInodes);
      world.drained();
    });
  };
  try {
    for (const operation of operations) {
      if (operation.do === 'write') world.write(operation.lines, operation.wide);
      else if (operation.do === 'rotate') world.rotate();
      else if (operation.do === 'truncate') world.truncate();
      else if (operation.do === 'renew') await renew(world, operation, step);
      else if (operation.do === 'rename') world.rename(operation.turn, operation.away);
      else if (operation.do === 'copytruncate') world.copyTruncate(operation.between);
      else if (operation.do === 'compress') await world.compress(operation.turn, step);
      else if (operation.do === 'delete') world.delete(operation.turn);
      else if (operation.do === 'step') await step();
      else if (operation.do === 'drain') await drain();
      else if (operation.do === 'kill') await restart();
      else if (operation.do === 'wait') {
        clock.advance(400_000);
        world.idle();
      } else if (operation.do === 'network') receiver.network = operation.state;
      else if (operation.do === 'crash') armCrash(storage, seed, operation.afterWrites);
    }
    world.finish();
    await drain();
    await drain();
    return { ...verdict(world, receiver), again: receiver.again, restarts };
  } finally {
    await agent.close().catch(() => undefined);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The log is emptied, written anew and taken away, with at most one look in between. */
async function renew(
  world: LogWorld,
  { lines, look, away }: Extract<Operation, { readonly do: 'renew' }>,
  step: () => Promise<void>,
): Promise<void> {
  world.truncate();
  world.write(lines, false);
  if (look) await step();
  world.write(lines + 1, false);
  world.moveLog(away);
}

function armCrash(storage: FaultyStorage, seed: number, afterWrites: number): void {
  storage.restart({ seed: seed + afterWrites, at: afterWrites });
}

function verdict(world: LogWorld, { byId, problems }: Receiver): Omit<Outcome, 'again' | 'restarts'> {
  const arrived = new Map<number, number>();
  for (const url of byId.values()) {
    const number = Number(url.slice(url.lastIndexOf('/') + 1));
    arrived.set(number, (arrived.get(number) ?? 0) + 1);
  }
  const must = world.mustArrive();
  const lost = must.filter((number) => !arrived.has(number));
  const doubled = [...arrived].filter(([, times]) => times > 1).map(([number]) => number);
  const unknown = [...arrived.keys()].filter((number) => world.lines[number] === undefined);
  const right = lost.length + doubled.length + unknown.length + problems.length === 0;
  const told = `lost [${lost.join(' ')}], doubled [${doubled.join(' ')}], never written [${unknown.join(' ')}] ${problems.join('; ')}`;
  const counts = { written: world.lines.length, must: must.length, arrived: arrived.size };
  return { ...counts, wrong: right ? undefined : told };
}

/** Leaves operations out as long as it fails. */
async function shrink(seed: number, operations: readonly Operation[]): Promise<readonly Operation[]> {
  let smallest = operations;
  for (let size = Math.ceil(smallest.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let at = 0; at + size <= smallest.length;) {
      const fewer = smallest.toSpliced(at, size);
      if ((await live(seed, fewer)).wrong === undefined) at += size;
      else smallest = fewer;
    }
  }
  return smallest;
}

test(`over ${sequences} lives of a log and its agent nothing is lost and nothing doubled`, async (context) => {
  const did = new Map<string, number>();
  const sum = { written: 0, must: 0, arrived: 0, again: 0, restarts: 0 };
  for (let seed = firstSeed; seed < firstSeed + sequences; seed++) {
    const operations = randomOperations(seededRandom(seed).fork('operations'));
    const outcome = await live(seed, operations);
    if (outcome.wrong !== undefined) {
      const smallest = await shrink(seed, operations);
      const why = (await live(seed, smallest)).wrong;
      assert.fail(
        `seed ${seed}: ${why ?? outcome.wrong}\n${smallest.map((one) => `  ${JSON.stringify(one)}`).join('\n')}`,
      );
    }
    for (const one of operations) did.set(one.do, (did.get(one.do) ?? 0) + 1);
    for (const name of typedKeys(sum)) sum[name] += outcome[name];
  }
  context.diagnostic(
    `${sequences} sequences from seed ${firstSeed}: ${[...did].map(([name, times]) => `${times} ${name}`).join(', ')}`,
  );
  context.diagnostic(
    `${sum.written} lines written, ${sum.must} of them to be read by the agent, ${sum.arrived} arrived: 0 lost, 0 doubled; ` +
      `${sum.again} came again with their ids, over ${sum.restarts} deaths`,
  );
  assert.ok(sum.arrived >= sum.must && sum.must > 0 && sum.again > 0 && sum.restarts > 0);
});

function typedKeys<T extends object>(value: T): readonly (keyof T)[] {
  return Object.keys(value) as (keyof T)[];
}
