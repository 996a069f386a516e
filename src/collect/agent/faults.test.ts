import assert from 'node:assert/strict';
import { appendFileSync, existsSync, statSync } from 'node:fs';
import { mkdir, readFile, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { constants, deflateRawSync, gzipSync } from 'node:zlib';
import { faultyStorage, fileStorage, hasCode, manualClock, type ManualClock } from '../../base/index.ts';
import {
  inFolder,
  journalOf,
  numbersOf,
  openTestShip,
  shipLine,
  shipLines,
  shipOnce,
} from './ship.fixture.ts';
import { dryRun } from './dry-run.ts';
import { parseShipConfig } from './parse-config.ts';
import type { Ship } from './open-ship.ts';
import { shipStatus } from './ship-status.ts';

const yaml = "name: t\nto: { journal: log }\nscan_seconds: 0\ninputs: [{ files: 'logs/*.log*' }]\n";
const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);

/** An agent that follows, and steps until it has nothing to do at this time. */
async function follow(
  folder: string,
  more: {
    readonly clock: ManualClock;
    readonly yaml?: string;
    readonly storage?: ReturnType<typeof faultyStorage>;
  },
): Promise<{ readonly ship: Ship; settle(): Promise<void>; stop(): Promise<void> }> {
  const ship = await openTestShip(folder, more.yaml ?? yaml, { once: false, ...more });
  const settle = async (): Promise<void> => {
    for (let round = 0; round < 4; round++) {
      more.clock.advance(3000);
      while ((await ship.agent.step()) || ship.agent.underWay > 0) await sleep(1);
    }
  };
  const stop = async (): Promise<void> => {
    await ship.agent.flush();
    await ship.agent.close();
    await ship.close();
  };
  return { ship, settle, stop };
}

const start = Date.UTC(2026, 2, 1);

test('of damaged compressed files what can be read is sent, the rest is told with file and place, nothing else is lost', () =>
  inFolder(async (folder) => {
    const logs = join(folder, 'logs');
    await mkdir(logs);
    const torn = gzipSync(shipLines(1000, 2000));
    // A second member whose first block is of a type that there is not.
    const second = Buffer.concat([gzipSync('').subarray(0, 10), Buffer.alloc(40, 0x07)]);
    await writeFile(join(logs, 'a.log.1.gz'), gzipSync(shipLines(0, 1000)));
    await writeFile(join(logs, 'a.log.2.gz'), torn.subarray(0, torn.length >> 1));
    await writeFile(join(logs, 'a.log.3.gz'), Buffer.concat([gzipSync(shipLines(2000, 9000)), second]));
    await writeFile(join(logs, 'a.log'), shipLines(9000, 9100));
    const ship = await openTestShip(folder, yaml);
    await ship.agent.run(new AbortController().signal);
    await ship.close();
    const { events, failed } = await journalOf(folder);
    const numbers = numbersOf(events);
    const between = (from: number, to: number): number =>
      numbers.filter((number) => number >= from && number < to).length;
    assert.deepEqual([between(0, 1000), between(9000, 9100), failed.length], [1000, 100, 0]);
    const [ofTorn, ofFlipped] = [between(1000, 2000), between(2000, 9000)];
    assert.ok(ofTorn > 300 && ofTorn < 1000);
    assert.equal(ofFlipped, 7000);
    const told = new Map(ship.agent.troubles.map(({ file, offset }) => [file, offset]));
    const expected = new Map([
      [join(logs, 'a.log.2.gz'), shipLines(1000, 1000 + ofTorn).length],
      [join(logs, 'a.log.3.gz'), shipLines(2000, 9000).length],
    ]);
    assert.deepEqual(told, expected);
    const status = await shipStatus(fileStorage(), join(folder, 'octavo-ship'));
    assert.deepEqual(
      status.map(({ state }) => state),
      ['current', 'done', 'damaged', 'damaged'],
    );
    // The copy is finished later: the rest comes, once.
    await writeFile(join(logs, 'a.log.2.gz'), torn);
    assert.equal((await shipOnce(folder, yaml)).accepted, 1000 - ofTorn);
    const now = numbersOf((await journalOf(folder)).events);
    assert.equal(new Set(now).size, now.length);
    assert.equal(now.filter((number) => number >= 1000 && number < 2000).length, 1000);
  }));

test('a compressed file that is torn within its first bytes is told of like others, and sent when it is whole', () =>
  inFolder(async (folder) => {
    const logs = join(folder, 'logs');
    await mkdir(logs);
    const whole = gzipSync(shipLines(0, 1000));
    // A block of a type that there is not, in the first kilobytes.
    const begun = deflateRawSync(shipLines(2000, 2200), { finishFlush: constants.Z_SYNC_FLUSH });
    const behind = Buffer.concat([whole.subarray(0, 10), begun, Buffer.alloc(40, 0x07)]);
    const files = { 'a.log.1.gz': 2, 'a.log.2.gz': 8, 'a.log.3.gz': 40, 'a.log.4.gz': 120 };
    for (const [name, bytes] of Object.entries(files))
      await writeFile(join(logs, name), whole.subarray(0, bytes));
    await writeFile(join(logs, 'a.log.5.gz'), Buffer.concat([whole.subarray(0, 10), Buffer.alloc(40, 0x07)]));
    await writeFile(join(logs, 'a.log.6.gz'), behind);
    await writeFile(join(logs, 'a.log.7.gz'), gzipSync(''));
    // Named like one, and none.
    await writeFile(join(logs, 'a.log.8.gz'), shipLines(9000, 9100));
    const ship = await openTestShip(folder, yaml);
    await ship.agent.run(new AbortController().signal);
    await ship.close();
    const status = async (): Promise<ReadonlyMap<string, string>> => {
      const rows = await shipStatus(fileStorage(), join(folder, 'octavo-ship'));
      return new Map(rows.map((row) => [row.file.slice(logs.length + 7), `${row.state} ${row.lagBytes}`]));
    };
    const torn = ['1.gz', '2.gz', '3.gz', '4.gz', '5.gz', '6.gz'];
    assert.deepEqual(ship.agent.troubles.map(({ file }) => file.slice(logs.length + 7)).toSorted(), torn);
    const named = torn.map((name) => [name, 'damaged null'] as const);
    assert.deepEqual(await status(), new Map([...named, ['8.gz', 'current 0']]));
    const numbers = numbersOf((await journalOf(folder)).events);
    assert.deepEqual(numbers, [...upTo(200).map((at) => 2000 + at), ...upTo(100).map((at) => 9000 + at)]);
    const looked = dryRun(parseShipConfig(yaml, 'ship.yaml'), folder, 1).filter(
      ({ failed }) => failed !== undefined,
    );
    assert.match(
      looked.map(({ failed }) => failed).join(),
      /ends in the middle of what is compressed.*invalid block type/,
    );
    // While it may still be written nothing is told; then once.
    const clock = manualClock(statSync(join(logs, 'a.log.2.gz')).mtimeMs);
    const follower = await follow(folder, { clock });
    await follower.settle();
    const told = (): readonly string[] =>
      follower.ship.agent.troubles.map(({ file }) => file.slice(logs.length + 7)).toSorted();
    assert.deepEqual(told(), ['5.gz', '6.gz']);
    for (let round = 0; round < 4; round++) await follower.settle();
    assert.deepEqual(told(), torn);
    for (const name of ['1.gz', '2.gz']) await rm(join(logs, `a.log.${name}`));
    await writeFile(join(logs, 'a.log.3.gz'), whole);
    await follower.settle();
    assert.deepEqual(told(), ['4.gz', '5.gz', '6.gz']);
    await follower.stop();
    assert.equal((await status()).get('3.gz'), 'done 0');
    assert.deepEqual(
      numbersOf((await journalOf(folder)).events).filter((number) => number < 1000),
      upTo(1000),
    );
  }));

test(
  'a file that cannot be read is told of, the others are sent, and it is read when it can be',
  { skip: !existsSync('/proc/self/mem') },
  () =>
    inFolder(async (folder) => {
      const logs = join(folder, 'logs');
      await mkdir(logs);
      // Its first bytes can be read by nobody: EIO.
      await symlink('/proc/self/mem', join(logs, 'a.log'));
      await writeFile(join(logs, 'b.log'), shipLines(0, 3));
      const clock = manualClock(start);
      const { ship, settle, stop } = await follow(folder, { clock });
      await settle();
      assert.equal(ship.agent.totals.accepted, 3);
      assert.deepEqual(
        ship.agent.troubles.map(({ file }) => file),
        [join(logs, 'a.log')],
      );
      assert.match(ship.agent.troubles[0]?.reason ?? '', /EIO/);
      await rm(join(logs, 'a.log'));
      await writeFile(join(logs, 'a.log'), shipLines(3, 5));
      await settle();
      assert.deepEqual([ship.agent.totals.accepted, ship.agent.troubles.length], [5, 0]);
      await stop();
    }),
);

test('a folder that vanishes and comes back, and a link that is set to another file, lose and double nothing', () =>
  inFolder(async (folder) => {
    const logs = join(folder, 'logs');
    const clock = manualClock(start);
    const { ship, settle, stop } = await follow(folder, { clock });
    await settle();
    await mkdir(logs);
    await writeFile(join(logs, 'a.log'), shipLines(0, 10));
    await settle();
    await rename(logs, join(folder, 'away'));
    appendFileSync(join(folder, 'away', 'a.log'), shipLines(10, 12));
    await settle();
    await rename(join(folder, 'away'), logs);
    appendFileSync(join(logs, 'a.log'), shipLines(12, 15));
    await settle();
    assert.equal(ship.agent.totals.accepted, 15);
    // As programs that write a file a day do: `current.log` is a link.
    await writeFile(join(folder, 'day1'), shipLines(15, 20));
    await writeFile(join(folder, 'day2'), shipLines(20, 22));
    await symlink(join(folder, 'day1'), join(logs, 'current.log'));
    await settle();
    appendFileSync(join(folder, 'day1'), shipLine(22));
    await symlink(join(folder, 'day2'), join(folder, 'next'));
    await rename(join(folder, 'next'), join(logs, 'current.log'));
    appendFileSync(join(folder, 'day2'), shipLine(23));
    await settle();
    await stop();
    assert.deepEqual(numbersOf((await journalOf(folder)).events), upTo(24));
  }));

test('a log that is written anew and moved away at once, and a directory in the place of a log, lose nothing', () =>
  inFolder(async (folder) => {
    const logs = join(folder, 'logs');
    await mkdir(logs);
    const file = join(logs, 'a.log');
    await writeFile(file, shipLines(0, 5));
    const clock = manualClock(start);
    const { settle, stop } = await follow(folder, { clock });
    await settle();
    await truncate(file);
    appendFileSync(file, shipLines(5, 7));
    await rename(file, join(folder, 'archived'));
    await settle();
    // The same with a log that was idle for long, and removed.
    await writeFile(file, shipLines(7, 27));
    await settle();
    await truncate(file);
    appendFileSync(file, shipLines(27, 28));
    clock.advance(3_600_000);
    await rm(file);
    await settle();
    await mkdir(file);
    await settle();
    await rm(file, { recursive: true });
    await writeFile(file, shipLines(28, 30));
    await settle();
    await stop();
    assert.deepEqual(numbersOf((await journalOf(folder)).events), upTo(30));
  }));

test('a damaged state is told each time, and nothing is held by who could not start', () =>
  inFolder(async (folder) => {
    await mkdir(join(folder, 'logs'));
    await writeFile(join(folder, 'logs', 'a.log'), shipLines(0, 5));
    await shipOnce(folder, yaml);
    const path = join(folder, 'octavo-ship', 'state.json');
    const whole = await readFile(path);
    const wrongs = [
      whole.subarray(0, 90),
      Buffer.alloc(0),
      Buffer.alloc(whole.length),
      Buffer.from('{}\n{}'),
    ];
    for (const wrong of wrongs) {
      await writeFile(path, wrong);
      await assert.rejects(shipOnce(folder, yaml), (error) => hasCode(error, 'ship_state_damaged'));
    }
    await writeFile(path, whole);
    assert.equal((await shipOnce(folder, yaml)).lines, 0);
  }));

test('a full disk under the state stops nothing but new files', () =>
  inFolder(async (folder) => {
    const logs = join(folder, 'logs');
    await mkdir(logs);
    await writeFile(join(logs, 'a.log'), shipLines(0, 5));
    const storage = faultyStorage(fileStorage(), { seed: 1 });
    const clock = manualClock(start);
    const { ship, settle, stop } = await follow(folder, { clock, storage });
    await settle();
    const path = join(folder, 'octavo-ship', 'state.json');
    const before = await readFile(path, 'utf8');
    const isState = ({ path: of }: { readonly path: string }): boolean => of.includes('state.json');
    storage.restart({ seed: 1, at: 1, fault: 'full', times: 1e6, counts: isState });
    appendFileSync(join(logs, 'a.log'), shipLines(5, 8));
    await writeFile(join(logs, 'b.log'), shipLines(8, 10));
    await settle();
    assert.equal(ship.agent.totals.accepted, 8);
    assert.equal(await readFile(path, 'utf8'), before);
    storage.restart({ seed: 1 });
    await settle();
    await stop();
    assert.deepEqual(numbersOf((await journalOf(folder)).events), upTo(10));
    assert.notEqual(await readFile(path, 'utf8'), before);
  }));

test('a clock that is set back or forward holds nothing up', () =>
  inFolder(async (folder) => {
    const logs = join(folder, 'logs');
    await mkdir(logs);
    await writeFile(join(logs, 'a.log'), shipLines(0, 5));
    const clock = manualClock(start);
    const { ship, settle, stop } = await follow(folder, { clock });
    await settle();
    const path = join(folder, 'octavo-ship', 'state.json');
    let sent = 5;
    for (const jump of [-86_400_000, 40 * 86_400_000, -365 * 86_400_000]) {
      appendFileSync(join(logs, 'a.log'), shipLines(sent, sent + 2));
      clock.advance(jump);
      sent += 2;
      await settle();
      assert.equal(ship.agent.totals.accepted, sent);
      assert.match(
        await readFile(path, 'utf8'),
        new RegExp(`"offset":${statSync(join(logs, 'a.log')).size},`),
      );
    }
    await stop();
    assert.deepEqual(numbersOf((await journalOf(folder)).events), upTo(sent));
  }));

test('a line of 50 MB, bytes that are no letters, and zeros between lines leave the lines around them whole', () =>
  inFolder(async (folder) => {
    const logs = join(folder, 'logs');
    await mkdir(logs);
    const file = join(logs, 'a.log');
    await writeFile(file, shipLines(0, 3));
    appendFileSync(file, Buffer.alloc(50_000_000, 'x'));
    appendFileSync(file, `\n${shipLine(3)}`);
    appendFileSync(file, Buffer.from([0xff, 0xfe, 0x80, 10]));
    appendFileSync(file, shipLine(4).replace('Mozilla', 'Moz\u00ff'), 'latin1');
    appendFileSync(file, Buffer.concat([Buffer.alloc(100_000), Buffer.from(shipLine(5))]));
    const { lines, accepted, failed } = await shipOnce(folder, yaml);
    assert.deepEqual([lines, accepted, failed], [8, 6, 2]);
    const stored = await journalOf(folder);
    assert.deepEqual(numbersOf(stored.events), upTo(6));
    const codes = stored.failed.map((one) => (one['error'] as { readonly code: string }).code);
    assert.deepEqual(codes.toSorted(), ['log_line_invalid', 'log_line_too_long']);
  }));

test('a file that is cut or replaced while it is read, in its own inode or one used again, is read anew', () =>
  inFolder(async (folder) => {
    const logs = join(folder, 'logs');
    await mkdir(logs);
    const file = join(logs, 'a.log');
    // More than is read at once.
    await writeFile(file, shipLines(0, 16_000));
    const clock = manualClock(start);
    const { settle, stop, ship } = await follow(folder, { clock });
    await ship.agent.step();
    const { totals } = ship.agent;
    assert.ok(totals.lines > 0 && totals.lines < 16_000);
    const read = totals.lines;
    await truncate(file, 0);
    appendFileSync(file, shipLines(50_000, 50_010));
    await settle();
    const inode = statSync(file).ino;
    let again = 0;
    for (let turn = 0; turn < 5; turn++) {
      await rm(file);
      // Most file systems give a new file the number of the last that was removed.
      await writeFile(file, shipLines(60_000 + turn * 20, 60_020 + turn * 20));
      if (statSync(file).ino === inode) again += 1;
      await settle();
    }
    await stop();
    const numbers = numbersOf((await journalOf(folder)).events);
    const expected = [
      ...upTo(read),
      ...upTo(10).map((at) => 50_000 + at),
      ...upTo(100).map((at) => 60_000 + at),
    ];
    assert.deepEqual(numbers, expected, `${again} inodes were used again`);
  }));

test('a file that was emptied, written anew and then moved away or removed between two looks is read to its end', () =>
  inFolder(async (folder) => {
    const logs = join(folder, 'logs');
    await mkdir(logs);
    const clock = manualClock(start);
    const { settle, stop } = await follow(folder, { clock });
    const file = join(logs, 'a.log');
    const takeAway: readonly (() => Promise<void>)[] = [
      () => rename(file, join(folder, 'away')),
      () => rm(file),
    ];
    let written = 0;
    for (const take of takeAway) {
      await writeFile(file, shipLines(written, written + 5));
      await settle();
      await truncate(file, 0);
      await settle();
      const [line] = shipLines(written + 5, written + 6).split('\n');
      // The look that finds it emptied, or with a part of a line, must not let it go.
      appendFileSync(file, line?.slice(0, 20) ?? '');
      await settle();
      appendFileSync(file, `${line?.slice(20)}\n${shipLines(written + 6, written + 8)}`);
      await take();
      written += 8;
      await settle();
    }
    await stop();
    assert.deepEqual(numbersOf((await journalOf(folder)).events), upTo(written));
  }));

test('a record of several lines that was whole by its timeout stays so over a kill and a restart', () =>
  inFolder(async (folder) => {
    const logs = join(folder, 'logs');
    await mkdir(logs);
    const file = join(logs, 'a.log');
    const multi = [
      "name: t\nto: { journal: log }\nscan_seconds: 0\nsessions: false\ninputs:\n  - files: 'logs/*.log'",
      "    format: regex\n    pattern: '^(?<time>\\S+) (?<message>(?s:.*))$'\n    keep: [message]\n    kind: app_error",
      "    multiline: { begins: '^\\d{4}-', timeout_seconds: 5 }\n",
    ].join('\n');
    await writeFile(file, '2026-03-01T00:00:00Z first\n  at one\n');
    const clock = manualClock(start);
    const first = await follow(folder, { clock, yaml: multi });
    await first.ship.agent.step();
    assert.equal(first.ship.agent.totals.lines, 0);
    await first.settle();
    assert.equal(first.ship.agent.totals.accepted, 1);
    // Killed: what was acknowledged since the last state is not in it.
    const state = join(folder, 'octavo-ship', 'state.json');
    const cut = await readFile(state);
    await first.stop();
    await writeFile(state, cut);
    appendFileSync(file, '  at two, late\n2026-03-01T00:00:01Z second\n');
    const second = await follow(folder, { clock, yaml: multi });
    await second.settle();
    await second.stop();
    const { events } = await journalOf(folder);
    const byId = new Map(events.map((event) => [event.id, String(event.properties?.['message'])]));
    assert.deepEqual([...byId.values()].toSorted(), ['first\n  at one', 'second']);
  }));
