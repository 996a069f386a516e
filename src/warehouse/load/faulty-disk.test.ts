import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import {
  createCalendar,
  faultyStorage,
  fileStorage,
  seededRandom,
  silentLogger,
  systemClock,
  uuidv7,
  type FaultyStorage,
} from '../../base/index.ts';
import { openJournal, type EventLog } from '../../collect/index.ts';
import type { Warehouse } from '../warehouse-port.ts';
import { openWarehouse } from '../warehouse.ts';
import { createLoader } from './loader.ts';

let root: string;
let disk: FaultyStorage;
let warehouse: Warehouse;
let events: EventLog;
const random = seededRandom('faulty disk');
const sent = new Set<string>();

before(async () => {
  root = await mkdtemp(join(tmpdir(), 'octavo-faulty-'));
  disk = faultyStorage(fileStorage(), { seed: 1 });
  warehouse = await openWarehouse({
    root,
    storage: disk,
    clock: systemClock,
    random,
    calendar: createCalendar(),
    memory: '400MB',
    processesMax: 1,
  });
  events = await openJournal({ directory: join(root, 'events'), storage: fileStorage(), partitions: 1 });
  await append();
  await createLoader({ warehouse, events, log: silentLogger }).loadAll();
});

after(async () => {
  await events.close();
  await warehouse.close();
  await rm(root, { recursive: true });
});

/** Some new events, and one that is in the log already. */
async function append(): Promise<void> {
  const at = new Date().toISOString();
  const fresh = Array.from({ length: 5 }, () => uuidv7({ nowMs: Date.now(), next: () => random.next() }));
  const again = [...sent].slice(-1);
  for (const id of fresh) sent.add(id);
  await events.append(
    0,
    [...fresh, ...again].map((id) =>
      Buffer.from(JSON.stringify({ id, kind: 'page_view', occurred_at: at, received_at: at, source: 'web' })),
    ),
  );
}

async function stored(): Promise<readonly [rows: number, ids: number]> {
  const { rows } = await warehouse.query('select count(*) n, count(distinct event_id) ids from raw.events');
  return [Number(rows[0]?.['n']), Number(rows[0]?.['ids'])];
}

describe('the loader', () => {
  for (const [fault, about] of [
    ['full', 'a full disk'],
    ['fail', 'an input/output error, also of a sync'],
  ] as const) {
    it(`loads each event once when every one of its operations meets ${about}`, async (context) => {
      let failures = 0;
      for (let at = 1; ; at++) {
        assert.ok(at <= operationsMax, `a load has more than ${operationsMax} operations`);
        await append();
        // The log is released after the commit, so that what was loaded is offered again when a load fails late.
        const loader = createLoader({ warehouse, events, log: silentLogger });
        disk.restart({ seed: at, at, fault });
        const failed = await loader.loadAll().then(
          () => false,
          () => true,
        );
        const unharmed = disk.operations < at;
        disk.restart({ seed: at });
        failures += failed ? 1 : 0;
        // A service that begins again finds the log as it was.
        await createLoader({ warehouse, events, log: silentLogger }).loadAll();
        assert.deepEqual(await stored(), [sent.size, sent.size], `${fault} at operation ${at}`);
        if (!unharmed) continue;
        assert.ok(failures > 0, 'no load failed');
        const [rows, ids] = await stored();
        context.diagnostic(
          `${at - 1} operations met ${about}, ${failures} loads failed; in the log ${sent.size} ids, in the warehouse ${rows}, ` +
            `lost ${sent.size - ids}, doubled ${rows - ids}`,
        );
        return;
      }
    });
  }
});

const operationsMax = 60;
