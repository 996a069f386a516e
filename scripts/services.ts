import { parseArgs } from 'node:util';
import { runningKafka, startKafka, stopKafka } from '../services/kafka/cluster.ts';
import {
  runningShopServer,
  startShopServer,
  stopShopServer,
  type ShopServer,
} from '../services/background.ts';
import { missingForJava, missingForShop, needLine, type Need } from '../services/needs.ts';
import { connectServer, startConnectServer, stopConnectServer } from '../services/spark/connect-server.ts';

const usage = `usage: services.ts up <service> | down <service> | status
  up kafka [--brokers 1|3]     Apache Kafka in KRaft mode, on port 9092 (and 9093, 9094); its data stays
  up mariadb | mysql | postgres
                               a shop's database, on its usual port when that is free; its data stays.
                               MySQL is the newest of Debian's unstable suite, fetched once (70 MB)
  up spark [catalogue URL]     Spark Connect with Octavo's tables in the catalogue 'octavo'; the URL is
                               http://127.0.0.1:8085/iceberg unless given, the key that of OCTAVO_KEY
                               (octavo keys create spark --scope tables:read --scope tables:write)
Each runs in the background until 'down'.\n`;

/** A server that people start beside Octavo. */
interface Service {
  readonly missing: () => readonly Need[];
  /** Starts it; says where it is. */
  readonly up: () => Promise<string>;
  /** False when it did not run. */
  readonly down: () => Promise<boolean> | boolean;
  /** Where it is; undefined when it does not run. */
  readonly status: () => string | undefined;
}

const { positionals, values } = readArguments();
const [verb, name = '', url = 'http://127.0.0.1:8085/iceberg'] = positionals;

const services: Readonly<Record<string, Service>> = {
  spark: {
    missing: missingForJava,
    up: async () => {
      const key = process.env['OCTAVO_KEY'];
      const { port, pid } = await startConnectServer({ catalog: { url, ...(key ? { key } : {}) } });
      return `sc://127.0.0.1:${port} (process ${pid}), tables of ${url}`;
    },
    down: stopConnectServer,
    status: () => {
      const server = connectServer();
      return server === undefined ? undefined : `sc://127.0.0.1:${server.port}`;
    },
  },
  kafka: {
    missing: missingForJava,
    up: async () => {
      const brokers = Number(values.brokers);
      if (brokers !== 1 && brokers !== 3) throw new Error('--brokers is 1 or 3');
      const { bootstrap, pids } = await startKafka(brokers);
      return `${bootstrap} (${pids.length === 1 ? 'process' : 'processes'} ${pids.join(', ')})`;
    },
    down: stopKafka,
    status: () => runningKafka()?.bootstrap,
  },
  mariadb: shopServer('mariadb', () => 'mariadb --socket=.cache/services/mariadb/mysql.sock -u root'),
  mysql: shopServer(
    'mysql',
    () => '.cache/services/mysql-debian/programs/bin/mysql --socket=.cache/services/mysql/mysql.sock -u root',
  ),
  postgres: shopServer(
    'postgres',
    (port) => `psql -h 127.0.0.1 -p ${port} -U postgres, with the password postgres`,
  ),
};

process.exitCode = await main();

function readArguments(): {
  readonly positionals: readonly string[];
  readonly values: { readonly brokers: string };
} {
  try {
    const { positionals: given, values: options } = parseArgs({
      allowPositionals: true,
      options: { brokers: { type: 'string', default: '1' }, help: { type: 'boolean', short: 'h' } },
    });
    if (options.help !== true) return { positionals: given, values: options };
    process.stdout.write(usage);
    process.exit(0);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n${usage}`);
    process.exit(2);
  }
}

/** A database server of a shop. */
function shopServer(kind: ShopServer, how: (port: number) => string): Service {
  return {
    missing: () => missingForShop(kind),
    up: async () => {
      const { port, pid } = await startShopServer(kind);
      return `127.0.0.1:${port} (process ${pid}); ${how(port)}`;
    },
    down: () => stopShopServer(kind),
    status: () => {
      const server = runningShopServer(kind);
      return server === undefined ? undefined : `127.0.0.1:${server.port}`;
    },
  };
}

async function main(): Promise<number> {
  if (verb === 'status' && name === '') {
    for (const [each, service] of Object.entries(services))
      process.stdout.write(`${each}: ${service.status() ?? 'stopped'}\n`);
    return 0;
  }
  const service = Object.hasOwn(services, name) ? services[name] : undefined;
  if (service === undefined || (verb !== 'up' && verb !== 'down')) {
    process.stderr.write(usage);
    return 2;
  }
  try {
    if (verb === 'down') {
      process.stdout.write(`${name} ${(await service.down()) ? 'stopped' : 'was not running'}\n`);
      return 0;
    }
    const missing = service.missing();
    for (const need of missing) process.stderr.write(`${needLine(need)}\n`);
    if (missing.length > 0) return 1;
    process.stdout.write(`${name}: ${await service.up()}\n`);
    return 0;
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    return 1;
  }
}
