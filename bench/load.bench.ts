import { open, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCalendar, fileStorage, seededRandom, silentLogger, systemClock } from '../src/base/index.ts';
import { openJournal, type EventLog } from '../src/collect/index.ts';
import {
  createDuckdbEngine,
  createLoader,
  openWarehouse,
  type Loader,
  type Warehouse,
} from '../src/warehouse/index.ts';
import { openBenchTopic, withBroker } from './broker.ts';
import { eventRecords, recordColumns, recordSelect } from './load/event-records.ts';
import { flag, option, report } from './report.ts';

/** How much is loaded. */
export interface LoadBenchOptions {
  /** Default 1,000,000. */
  readonly events?: number;
  /** Events whose way into the warehouse is timed one by one. Default 5. */
  readonly probes?: number;
  /** Folder for the files; default the system's. */
  readonly directory?: string;
  /** Brokers of Kafka, `host:port` with commas between; the event log is a topic of theirs then. Default: a journal. */
  readonly kafka?: string;
}

const partitions = 2;
const appendedAtOnce = 2_000;
const [memory, threads] = ['1GB', 2];

/**
 * Events a second from the event log into the Iceberg table, committed; against DuckDB alone, which reads the
 * same records as NDJSON and writes them as Parquet. Then the time from an accepted event to the query that sees it.
 */
export async function run(options: LoadBenchOptions = {}): Promise<void> {
  const { events = 1_000_000, probes = 5 } = options;
  const folder = await mkdtemp(join(options.directory ?? tmpdir(), 'octavo-bench-load-'));
  const storage = fileStorage();
  const log =
    options.kafka === undefined
      ? await openJournal({ storage, directory: join(folder, 'events'), partitions })
      : await openBenchTopic(options.kafka.split(','), partitions);
  const warehouse = await openWarehouse({
    root: folder,
    storage,
    clock: systemClock,
    random: seededRandom(1),
    calendar: createCalendar(),
    memory,
    threads,
  });
  try {
    const loader = createLoader({ warehouse, events: log, log: silentLogger });
    const ndjson = join(folder, 'floor.ndjson');
    const bytes = await fill(log, ndjson, events);
    const floorRate = events / (await floorSeconds(folder, ndjson));
    await rm(ndjson);
    await warehouse.query('select 1 as warm');
    const startMs = performance.now();
    const { loaded } = await loader.loadAll();
    const seconds = (performance.now() - startMs) / 1000;
    if (loaded !== events) throw new Error(`${loaded} of ${events} events were loaded`);
    const source = options.kafka === undefined ? 'the journal' : 'Kafka';
    const waits = await queryableSeconds(log, { loader, warehouse, probes });
    report(
      `load from ${source}: ${events.toLocaleString('en-US')} events of ${Math.round(bytes / events)} bytes, ${threads} threads`,
      [
        {
          what: 'event log to committed table',
          value: events / seconds,
          unit: 'events/s',
          goal: { atLeast: 400_000 },
          floor: { what: 'DuckDB, NDJSON to Parquet', value: floorRate },
        },
        {
          what: `accepted to queryable, longest of ${probes}`,
          value: Math.max(...waits),
          unit: 's',
          goal: { atMost: 10 },
        },
      ],
    );
  } finally {
    await warehouse.close();
    await log.close();
    await rm(folder, { recursive: true });
  }
}

/** Appends the records to the log and, for the floor, to one file; returns their bytes. */
async function fill(log: EventLog, ndjson: string, events: number): Promise<number> {
  const file = await open(ndjson, 'w');
  let bytes = 0;
  for (let first = 0; first < events; first += appendedAtOnce) {
    const records = eventRecords(first, Math.min(appendedAtOnce, events - first));
    await log.append((first / appendedAtOnce) % partitions, records);
    const lines = Buffer.concat(records.flatMap((record) => [record, lineEnd]));
    await file.write(lines);
    bytes += lines.length;
  }
  await file.close();
  return bytes;
}

/** DuckDB as the warehouse runs it: a process of its own, the same memory and threads, the same columns and compression. */
async function floorSeconds(folder: string, ndjson: string): Promise<number> {
  const engine = createDuckdbEngine({
    memory,
    threads,
    scratch: join(folder, 'scratch'),
    directories: [folder],
  });
  try {
    return await engine.session(async (session) => {
      await session.query('select 1 as warm');
      const startMs = performance.now();
      await session.run(
        `copy (select ${recordSelect} from read_json('${ndjson}', format = 'newline_delimited', auto_detect = false,
           columns = {${recordColumns}})) to '${join(folder, 'floor.parquet')}' (format parquet, compression zstd)`,
      );
      return (performance.now() - startMs) / 1000;
    });
  } finally {
    await engine.close();
  }
}

/** One event at a time while the loader runs as in a started platform. */
async function queryableSeconds(
  log: EventLog,
  options: { readonly loader: Loader; readonly warehouse: Warehouse; readonly probes: number },
): Promise<readonly number[]> {
  const { loader, warehouse, probes } = options;
  const stop = new AbortController();
  const running = loader.run(stop.signal);
  const waits: number[] = [];
  for (let probe = 0; probe < probes; probe++) {
    const [record] = eventRecords(probeSerial + probe, 1);
    const id = (JSON.parse(String(record)) as { readonly id: string }).id;
    await log.append(probe % partitions, [record as Buffer]);
    const startMs = performance.now();
    for (;;) {
      const { rows } = await warehouse.query(`select count(*) as n from raw.events where event_id = '${id}'`);
      if (Number(rows[0]?.['n']) === 1) break;
      await systemClock.sleep(50);
    }
    waits.push((performance.now() - startMs) / 1000);
  }
  stop.abort();
  await running;
  return waits;
}

const probeSerial = 900_000_000;
const lineEnd = Buffer.from('\n');

if (import.meta.main) {
  const [directory, kafka] = [option('directory'), option('kafka')];
  const options = {
    ...(flag('small') ? { events: 200_000, probes: 2 } : {}),
    ...(directory === undefined ? {} : { directory }),
  };
  await run(options);
  if (kafka === undefined)
    await withBroker(({ address }) => run({ ...options, kafka: address }), { directory });
  else await run({ ...options, kafka });
}
