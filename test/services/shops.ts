import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import type { Certificates } from '../../services/certificates.ts';
import { startMariadb } from '../../services/mariadb/server.ts';
import { mysqlReleases, newestMysql, type MysqlRelease } from '../../services/mysql/programs.ts';
import { missingForMysql, startMysql } from '../../services/mysql/server.ts';
import type { MysqlServer } from '../../services/mysql-server.ts';
import { startPostgres, type PostgresServer } from '../../services/postgres/server.ts';
import {
  createCalendar,
  createLogger,
  fileStorage,
  resolveConfig,
  seededRandom,
  systemClock,
  type Clock,
} from '../../src/base/index.ts';
import {
  extractSource,
  openWarehouse,
  setProperties,
  sourceUnits,
  type SourceContext,
  type SqlValue,
  type Warehouse,
} from '../../src/warehouse/index.ts';

/** Real database servers of a shop. */
export interface Shops {
  readonly mariadb: MysqlServer;
  readonly postgres: PostgresServer;
  readonly folder: string;
}

/** A database of a shop, and a warehouse that extracts it. */
export interface Shop {
  readonly kind: 'mariadb' | 'postgres';
  readonly warehouse: Warehouse;
  /** Of the account that may only read. */
  readonly password: string;
  /** Rights beyond reading that mode `log` needs, as the guide has them; tables as PostgreSQL publishes them. */
  grantLog(tables: string): Promise<void>;
  /** Runs statements as the superuser in the shop's own database. */
  sql(statements: string): string;
  /** The source as a configuration declares it, as the account that may only read. */
  source(tables: Readonly<Record<string, object>>, more?: object): object;
  context(tables: Readonly<Record<string, object>>, more?: object): SourceContext;
  extract(tables: Readonly<Record<string, object>>, more?: object): Promise<Readonly<Record<string, number>>>;
  rows(sql: string): Promise<readonly Readonly<Record<string, SqlValue>>[]>;
  /** What was logged as a warning since it was asked last. */
  warnings(): readonly string[];
  /** Closes a business day for rows. */
  seal(day: string): Promise<void>;
}

let opened: Promise<Shops> | undefined;
const closers: (() => Promise<void> | void)[] = [];

after(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

/** The servers, started by whoever asks first. */
export function shops(): Promise<Shops> {
  return (opened ??= open());
}

async function open(): Promise<Shops> {
  const folder = mkdtempSync(join(tmpdir(), 'octavo-shops-'));
  closers.push(() => rmSync(folder, { recursive: true, force: true }));
  const mariadb = await startMariadb({ folder: join(folder, 'mariadb') });
  closers.push(() => mariadb.stop());
  // Its user must be able to enter the folder.
  const place = mkdtempSync(join(tmpdir(), 'octavo-postgres-'));
  closers.push(() => rmSync(place, { recursive: true, force: true }));
  const postgres = await startPostgres({ folder: place });
  closers.push(() => postgres.stop());
  return { mariadb, postgres, folder };
}

async function startOwn(folder: string, certificates?: Certificates): Promise<MysqlServer> {
  const server = await startMariadb({ folder, arguments: encryptedBy(certificates) });
  closers.push(() => server.stop());
  return server;
}

const mysqls = new Map<string, Promise<MysqlServer>>();

/** A MySQL of that release, started by whoever asks first. */
export function sharedMysql(release: MysqlRelease): Promise<MysqlServer> {
  const running = mysqls.get(release.name) ?? openMysql(release);
  mysqls.set(release.name, running);
  return running;
}

async function openMysql(release: MysqlRelease, certificates?: Certificates): Promise<MysqlServer> {
  const folder = mkdtempSync(join(tmpdir(), 'octavo-mysql-'));
  closers.push(() => rmSync(folder, { recursive: true, force: true }));
  const server = await startMysql({ folder, release, arguments: encryptedBy(certificates) });
  closers.push(() => server.stop());
  return server;
}

function encryptedBy(certificates: Certificates | undefined): readonly string[] {
  return certificates === undefined
    ? []
    : [`--ssl-cert=${certificates.cert}`, `--ssl-key=${certificates.key}`];
}

async function startOwnPostgres(certificates: Certificates): Promise<PostgresServer> {
  const place = mkdtempSync(join(tmpdir(), 'octavo-postgres-'));
  closers.push(() => rmSync(place, { recursive: true, force: true }));
  const server = await startPostgres({ folder: place, certificates });
  closers.push(() => server.stop());
  return server;
}

export const kinds = ['mariadb', 'postgres'] as const;

/** The releases of MySQL that run here. */
export const mysqlsHere = mysqlReleases.filter((release) => {
  const missing = missingForMysql(release);
  if (missing !== undefined)
    process.stdout.write(`skipped: the tests with MySQL ${release.name}: ${missing}\n`);
  return missing === undefined;
});

/** The kinds, and MySQL where it runs: to the tests it is a MariaDB, to Octavo it is not. */
export const products = [
  ...kinds.map((kind) => ({ product: kind as string, kind, mysql: undefined })),
  ...mysqlsHere.map((mysql) => ({ product: `mysql ${mysql.name}`, kind: 'mariadb' as const, mysql })),
];

/** The products without the old MySQL, for what depends on the modern ones. */
export const modernProducts = products.filter(({ mysql }) => mysql === undefined || mysql === newestMysql);

/**
 * An empty database of that name with an account that may read it and nothing else, and an empty warehouse. With
 * `ownServer` (of MariaDB) in a server that nobody else uses, for tests that change it; with `certificates` in one of its own that
 * encrypts, for whoever wants it. The clock is the warehouse's.
 */
export async function openShop(
  kind: Shop['kind'],
  name: string,
  {
    ownServer = false,
    mysql,
    clock = systemClock,
    certificates,
  }: {
    readonly ownServer?: boolean;
    /** In this MySQL, for `mariadb`. */
    readonly mysql?: MysqlRelease | undefined;
    readonly clock?: Clock;
    readonly certificates?: Certificates;
  } = {},
): Promise<Shop> {
  const shared = await shops();
  const servers =
    certificates !== undefined && kind === 'postgres'
      ? { ...shared, postgres: await startOwnPostgres(certificates) }
      : mysql !== undefined
        ? {
            ...shared,
            mariadb: await (ownServer || certificates !== undefined
              ? openMysql(mysql, certificates)
              : sharedMysql(mysql)),
          }
        : ownServer || certificates !== undefined
          ? { ...shared, mariadb: await startOwn(join(shared.folder, name), certificates) }
          : shared;
  const password = `pass word'${name}`;
  const quoted = password.replaceAll("'", "''");
  const { port } = servers[kind];
  if (kind === 'mariadb')
    servers.mariadb.sql(`create database ${name}; create user r_${name}@'127.0.0.1' identified by '${quoted}';
      grant select on ${name}.* to r_${name}@'127.0.0.1'`);
  else {
    servers.postgres.sql(`create database ${name}; create role r_${name} login password '${quoted}'`);
    servers.postgres.sql(
      `grant usage on schema public to r_${name}; alter default privileges in schema public grant select on tables to r_${name}`,
      { database: name },
    );
  }
  const root = mkdtempSync(join(tmpdir(), 'octavo-shop-'));
  const warehouse = await openWarehouse({
    root,
    storage: fileStorage(),
    clock,
    random: seededRandom(root),
    calendar: createCalendar({ timeZone: 'Asia/Seoul', dayStart: '06:00' }),
    memory: '400MB',
    threads: 1,
    processesMax: 1,
  });
  closers.push(async () => {
    await warehouse.close();
    rmSync(root, { recursive: true });
  });
  let warnings: string[] = [];
  const log = createLogger({
    level: 'warn',
    format: 'json',
    colours: false,
    write: (line) => warnings.push(line),
    clock: systemClock,
  });
  const source: Shop['source'] = (tables, more = {}) => ({
    type: mysql === undefined ? kind : 'mysql',
    port,
    database: name,
    user: `r_${name}`,
    password: { env: 'SHOP' },
    tables,
    ...more,
  });
  const context: Shop['context'] = (tables, more) => ({
    warehouse,
    sources: resolveConfig({ sources: { shop: source(tables, more) } }, { env: { SHOP: password } }).sources,
    log,
  });
  return {
    kind,
    warehouse,
    password,
    grantLog: async (tables) => {
      const client = mysql === undefined ? '' : ', replication client';
      if (kind === 'mariadb')
        servers.mariadb.sql(`grant replication slave${client} on *.* to r_${name}@'127.0.0.1'`);
      else {
        servers.postgres.sql(`alter role r_${name} replication`);
        servers.postgres.sql(`create publication octavo for table ${tables}`, { database: name });
      }
    },
    source,
    context,
    sql: (statements) =>
      kind === 'mariadb'
        ? servers.mariadb.sql(statements, { database: name })
        : servers.postgres.sql(statements, { database: name }),
    extract: async (tables, more) => {
      const sources = context(tables, more);
      const [unit] = sourceUnits(sources);
      if (unit === undefined) throw new Error('no tables are declared');
      return extractSource(sources, unit);
    },
    rows: async (sql) => (await warehouse.query(sql)).rows,
    warnings: () => {
      const said = warnings;
      warnings = [];
      return said;
    },
    seal: async (day) => {
      await warehouse.ensureTable('raw.events', [
        { name: 'event_id', type: 'UUID' },
        { name: 'business_day', type: 'DATE' },
      ]);
      await setProperties(
        warehouse.context,
        { namespace: 'raw', name: 'events' },
        { [`octavo.sealed.${day}`]: 'x' },
      );
    },
  };
}
