import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startMariadb } from '../../services/mariadb/server.ts';
import { startMysql } from '../../services/mysql/server.ts';
import type { MysqlServer } from '../../services/mysql-server.ts';
import { missingForShop, needLine } from '../../services/needs.ts';
import { startPostgres } from '../../services/postgres/server.ts';
import {
  createCalendar,
  fileStorage,
  resolveConfig,
  seededRandom,
  silentLogger,
  systemClock,
} from '../../src/base/index.ts';
import { extractSource, openWarehouse, sourceUnits } from '../../src/warehouse/index.ts';
import { skipped } from '../broker.ts';
import { readable, report } from '../report.ts';
import { costOf, costSoFar, forgetPeak, type ProcessCost } from './process-cost.ts';

const columns =
  'id bigint primary key, reader varchar(40), item varchar(40), copies int, paid decimal(12, 2), ordered_at timestamp(3), note text';

const dumps = { mariadb: 'mariadb-dump', mysql: 'mysqldump', postgres: 'pg_dump' } as const;
const starts = { mariadb, mysql, postgres } as const;

interface Server {
  readonly source: object;
  readonly sql: (statements: string) => string;
  /** The server's own program, and how it writes the same table to a file. */
  readonly dump: (file: string) => readonly [string, readonly string[]];
  readonly stop: () => Promise<void>;
  readonly pid: number;
  readonly rowsFrom: string;
}

/**
 * Rows a second from a table of order lines into the warehouse, committed, with counts and sums held against the source;
 * the server's own dump of the same table to a file as the floor.
 */
export async function measureExtract(rows: number): Promise<void> {
  for (const kind of ['mariadb', 'mysql', 'postgres'] as const) {
    const missing = missingForShop(kind);
    if (missing.length > 0) {
      skipped(`extracting from ${kind}`, missing.map(needLine));
      continue;
    }
    const folder = mkdtempSync(join(tmpdir(), `octavo-bench-${kind}-`));
    const server = await starts[kind](folder);
    try {
      server.sql(`create table order_lines (${columns}); insert into order_lines select n, concat('reader-', n % 5000), concat('item-', n % 20000), n % 3 + 1,
        n % 50000 + 0.5, timestamp '2026-01-01 00:00:00', concat('책 ', n, ' of the order') from ${server.rowsFrom.replace('$rows', String(rows))}`);
      const warehouse = await openWarehouse({
        root: join(folder, 'warehouse'),
        storage: fileStorage(),
        clock: systemClock,
        random: seededRandom(kind),
        calendar: createCalendar(),
      });
      const declared = { ...server.source, tables: { order_lines: { control: ['paid'] } } };
      const { sources } = resolveConfig({ sources: { shop: declared } }, { env: { PASSWORD: 'postgres' } });
      const context = { warehouse, sources, log: silentLogger };
      const [unit] = sourceUnits(context);
      if (unit === undefined) throw new Error('no table');
      forgetPeak();
      const before = costSoFar([server.pid]);
      const startedMs = performance.now();
      const counts = await extractSource(context, unit);
      const seconds = (performance.now() - startedMs) / 1000;
      const cost = costSoFar([server.pid]);
      await warehouse.close();
      if (counts['added'] !== rows) throw new Error(`${counts['added']} rows came of ${rows}`);
      const dump = await runDump(server.dump(join(folder, 'dump.sql')));
      const what = dumps[kind];
      report(
        `extract: ${readable(rows)} order lines of ${kind}, read whole`,
        [
          {
            what: 'rows into the warehouse',
            value: rows / seconds,
            unit: 'rows/s',
            floor: { what: `${what} to a file`, value: rows / dump.seconds },
          },
          ...costFigures(what, { cost, before, dump: dump.cost }),
        ],
        [
          'Processor time without the server’s; memory of Octavo with the engine, whose limit is 1 GB by default.',
        ],
      );
    } finally {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  }
}

/** What does not depend on how busy the machine is. */
function costFigures(
  what: string,
  { cost, before, dump }: Readonly<Record<'cost' | 'before' | 'dump', ProcessCost | undefined>>,
): Parameters<typeof report>[1] {
  if (cost === undefined || before === undefined || dump === undefined) return [];
  return [
    {
      what: 'processor time',
      value: cost.cpuSeconds - before.cpuSeconds,
      unit: 's',
      floor: { what, value: dump.cpuSeconds },
    },
    {
      what: 'most memory',
      value: cost.peakBytes / 2 ** 20,
      unit: 'MB',
      floor: { what, value: dump.peakBytes / 2 ** 20 },
    },
  ];
}

/** Runs the program to its end; its cost is what was seen last while it ran. */
async function runDump([program, parameters]: readonly [string, readonly string[]]): Promise<{
  readonly seconds: number;
  readonly cost: ProcessCost | undefined;
}> {
  const startedMs = performance.now();
  const child = spawn(program, parameters, { stdio: 'inherit' });
  let cost: ProcessCost | undefined;
  const look = setInterval(() => {
    const seen = costOf([child.pid ?? 0]);
    // What has ended has no memory any more.
    if (seen !== undefined && seen.peakBytes > 0) cost = seen;
  }, 20);
  const [status] = (await once(child, 'exit')) as [number];
  clearInterval(look);
  if (status !== 0) throw new Error(`${program} ended with ${status}`);
  return { seconds: (performance.now() - startedMs) / 1000, cost };
}

async function mariadb(folder: string): Promise<Server> {
  const server = await startMariadb({ folder });
  return ofMysql('mariadb', server, `seq as n from seq_1_to_$rows`);
}

async function mysql(folder: string): Promise<Server> {
  const server = await startMysql({ folder, arguments: ['--cte-max-recursion-depth=100000000'] });
  const numbers = 'with recursive s(n) as (select 1 union all select n + 1 from s where n < $rows)';
  return ofMysql('mysql', server, `n from (${numbers} select n from s) t`);
}

function ofMysql(type: 'mariadb' | 'mysql', server: MysqlServer, numbers: string): Server {
  server.sql('create database shop');
  // Its own warning about replicas would stand among the figures.
  const more = type === 'mysql' ? ['--set-gtid-purged=OFF'] : [];
  return {
    source: { type, socket: server.socket, database: 'shop', user: 'root' },
    sql: (statements) => server.sql(statements, { database: 'shop' }),
    dump: (file) => [
      server.dump[0],
      [...server.dump[1], '--single-transaction', `--result-file=${file}`, ...more, 'shop'],
    ],
    stop: () => server.stop(),
    pid: server.pid,
    rowsFrom: `(select ${numbers}) t`,
  };
}

async function postgres(folder: string): Promise<Server> {
  // The server's user, who is not root, must be able to enter it.
  chmodSync(folder, 0o755);
  const server = await startPostgres({ folder: join(folder, 'server') });
  return {
    source: {
      type: 'postgres',
      port: server.port,
      database: 'postgres',
      user: 'postgres',
      password: { env: 'PASSWORD' },
    },
    sql: (statements) => server.sql(statements),
    dump: (file) => [
      join(server.bin, 'pg_dump'),
      ['-h', server.socket, '-p', String(server.port), '-U', 'postgres', '-f', file, 'postgres'],
    ],
    stop: () => server.stop(),
    pid: server.pid,
    rowsFrom: 'generate_series(1, $rows) n',
  };
}
