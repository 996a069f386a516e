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
  type Random,
} from '../../../base/index.ts';
import { openAgent, type Agent } from '../agent.ts';
import { parseShipConfig } from '../parse-config.ts';
import type { Sink } from '../deliver/sink.ts';
import { eventAt } from '../deliver/event-pack.ts';
import { machineLogFiles } from '../file/log-files.ts';
import { compileInput } from '../input.ts';
import { LogWorld, turnsMax, type WorldNames } from './log-world.fixture.ts';

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

type Operation =
  | { readonly do: 'write'; readonly lines: number; readonly wide: boolean }
  | { readonly do: 'rotate' | 'step' | 'drain' | 'kill' | 'wait' }
  | { readonly do: 'copytruncate'; readonly between: number }
  | { readonly do: 'compress' | 'delete'; readonly turn: number }
  | { readonly do: 'network'; readonly state: Network }
  | { readonly do: 'crash'; readonly afterWrites: number };

/** `lost`: it arrives, but the answer does not; `away`: nothing arrives. */
type Network = 'good' | 'lost' | 'away';

function randomOperations(random: Random): readonly Operation[] {
  const turn = (): number => 1 + random.below(turnsMax);
  const one = (): Operation => {
    const roll = random.below(100);
    if (roll < 30) return { do: 'write', lines: random.pick([1, 1, 2, 5, 40]), wide: random.below(3) === 0 };
    if (roll < 52) return { do: 'step' };
    if (roll < 60) return { do: 'drain' };
    if (roll < 67) return { do: 'rotate' };
    if (roll < 73) return { do: 'copytruncate', between: random.pick([0, 0, 1, 3]) };
    if (roll < 79) return { do: 'compress', turn: turn() };
    if (roll < 83) return { do: 'delete', turn: turn() };
    if (roll < 90) return { do: 'kill' };
    if (roll < 93) return { do: 'crash', afterWrites: 1 + random.below(4) };
    if (roll < 95) return { do: 'wait' };
    return { do: 'network', state: random.pick(['good', 'good', 'lost', 'away'] as const) };
  };
  return Array.from({ length: 5 + random.below(36) }, one);
}

/** What came in at the other end. */
class Receiver {
  readonly byId = new Map<string, string>();
  readonly problems: string[] = [];
  network: Network = 'good';
  #waiting: (() => void)[] = [];

  /** A sink that lives as long as its agent. */
  sink(): Sink {
    return {
      eventsMax: 7,
      bytesMax: 1_000_000,
      atOnce: 3,
      wholeIp: false,
      send: async ({ events, refused }, signal) => {
        if (this.network === 'away') await this.#until(signal);
        for (const line of refused)
          this.problems.push(`refused: ${line.error.message}: ${line.line.slice(0, 60)}`);
        for (let index = events.from; index < events.to; index++)
          this.#take(eventAt(events, index - events.from));
        if (this.network === 'lost') await this.#until(signal);
        return { accepted: events.to - events.from, duplicates: 0, failed: refused.length };
      },
      close: async () => undefined,
    };
  }

  mend(): void {
    this.network = 'good';
    for (const wake of this.#waiting.splice(0)) wake();
  }

  #until(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push(resolve);
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    });
  }

  #take(text: string): void {
    const event = JSON.parse(text) as { readonly id: string; readonly page: { readonly url: string } };
    const before = this.byId.get(event.id);
    if (before !== undefined && before !== event.page.url)
      this.problems.push(`one id for ${before} and ${event.page.url}`);
    this.byId.set(event.id, event.page.url);
  }
}

const orders: readonly WorldNames[] = [
  { log: 'app.log', rotated: (turn) => `app.log.${turn}` },
  { log: 'app.log', rotated: (turn) => `app-${turn}.log` },
];

/** Lives through the operations; gives what is wrong at the end, if anything. */
async function live(seed: number, operations: readonly Operation[]): Promise<string | undefined> {
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
      scanMs: 0,
    });
    world.openInodes = () => agent.openInodes;
    return agent;
  };
  let agent = await start();
  const restart = async (): Promise<void> => {
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
    });
  const drain = async (): Promise<void> => {
    receiver.mend();
    await guarded(async () => {
      clock.advance(2000);
      while (await agent.step());
      await agent.flush();
      world.drained();
    });
  };
  try {
    for (const operation of operations) {
      if (operation.do === 'write') world.write(operation.lines, operation.wide);
      else if (operation.do === 'rotate') world.rotate();
      else if (operation.do === 'copytruncate') world.copyTruncate(operation.between);
      else if (operation.do === 'compress') await world.compress(operation.turn, step);
      else if (operation.do === 'delete') world.delete(operation.turn);
      else if (operation.do === 'step') await step();
      else if (operation.do === 'drain') await drain();
      else if (operation.do === 'kill') await restart();
      else if (operation.do === 'wait') clock.advance(400_000);
      else if (operation.do === 'network') receiver.network = operation.state;
      else if (operation.do === 'crash') armCrash(storage, seed, operation.afterWrites);
    }
    world.finish();
    await drain();
    await drain();
    return verdict(world, receiver);
  } finally {
    await agent.close().catch(() => undefined);
    rmSync(folder, { recursive: true, force: true });
  }
}

function armCrash(storage: FaultyStorage, seed: number, afterWrites: number): void {
  storage.restart({ seed: seed + afterWrites, at: afterWrites });
}

function verdict(world: LogWorld, { byId, problems }: Receiver): string | undefined {
  const arrived = new Map<number, number>();
  for (const url of byId.values()) {
    const number = Number(url.slice(url.lastIndexOf('/') + 1));
    arrived.set(number, (arrived.get(number) ?? 0) + 1);
  }
  const lost = world.mustArrive().filter((number) => !arrived.has(number));
  const doubled = [...arrived].filter(([, times]) => times > 1).map(([number]) => number);
  const unknown = [...arrived.keys()].filter((number) => world.lines[number] === undefined);
  if (lost.length + doubled.length + unknown.length + problems.length === 0) return undefined;
  return `lost [${lost.join(' ')}], doubled [${doubled.join(' ')}], never written [${unknown.join(' ')}] ${problems.join('; ')}`;
}

/** Leaves operations out as long as it fails. */
async function shrink(seed: number, operations: readonly Operation[]): Promise<readonly Operation[]> {
  let smallest = operations;
  for (let size = Math.ceil(smallest.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let at = 0; at + size <= smallest.length;) {
      const fewer = smallest.toSpliced(at, size);
      if ((await live(seed, fewer)) === undefined) at += size;
      else smallest = fewer;
    }
  }
  return smallest;
}

test(`over ${sequences} lives of a log and its agent nothing is lost and nothing doubled`, async (context) => {
  let [written, must] = [0, 0];
  for (let seed = firstSeed; seed < firstSeed + sequences; seed++) {
    const operations = randomOperations(seededRandom(seed).fork('operations'));
    const wrong = await live(seed, operations);
    if (wrong !== undefined) {
      const smallest = await shrink(seed, operations);
      const why = await live(seed, smallest);
      assert.fail(
        `seed ${seed}: ${why ?? wrong}\n${smallest.map((one) => `  ${JSON.stringify(one)}`).join('\n')}`,
      );
    }
    written += operations.length;
    must += 1;
  }
  context.diagnostic(`${must} sequences of ${written} operations from seed ${firstSeed}`);
});
