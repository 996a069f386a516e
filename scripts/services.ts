import { missingForSpark, needLine } from '../services/needs.ts';
import { connectServer, startConnectServer, stopConnectServer } from '../services/spark/connect-server.ts';

const usage = `usage: services.ts up spark [catalogue URL] | down spark | status
  Starts a local Spark Connect with Octavo's tables in the catalogue 'octavo'.
  Default URL: http://127.0.0.1:8085/iceberg. The key is taken from OCTAVO_KEY
  (octavo keys create spark --scope tables:read --scope tables:write).\n`;

const [verb, name, url = 'http://127.0.0.1:8085/iceberg'] = process.argv.slice(2);

if (verb === 'up' && name === 'spark') process.exitCode = await up();
else if (verb === 'down' && name === 'spark') {
  process.stdout.write(stopConnectServer() ? 'Spark stopped\n' : 'Spark was not running\n');
} else if (verb === 'status') {
  const server = connectServer();
  process.stdout.write(server === undefined ? 'spark: stopped\n' : `spark: sc://127.0.0.1:${server.port}\n`);
} else {
  process.stderr.write(usage);
  process.exitCode = 2;
}

async function up(): Promise<number> {
  const missing = missingForSpark();
  for (const need of missing) process.stderr.write(`${needLine(need)}\n`);
  if (missing.length > 0) return 1;
  const key = process.env['OCTAVO_KEY'];
  try {
    const { port, pid } = await startConnectServer({ catalog: { url, ...(key ? { key } : {}) } });
    process.stdout.write(`Spark Connect: sc://127.0.0.1:${port} (process ${pid}), tables of ${url}\n`);
    return 0;
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    return 1;
  }
}
