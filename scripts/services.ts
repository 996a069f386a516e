import { connectServer, startConnectServer, stopConnectServer } from '../services/spark/connect-server.ts';
import { sparkMissing } from '../services/spark/install.ts';

const usage = `usage: services.ts up spark [catalogue URL] | down spark | status
  Starts a local Spark Connect with Octavo's tables in the catalogue 'octavo'.
  Default URL: http://127.0.0.1:8085/iceberg\n`;

const [verb, name, url = 'http://127.0.0.1:8085/iceberg'] = process.argv.slice(2);

if (verb === 'up' && name === 'spark') {
  const missing = sparkMissing();
  if (missing !== undefined) {
    process.stderr.write(`${missing}\n`);
    process.exitCode = 1;
  } else {
    const { port, pid } = await startConnectServer({ catalogUrl: url });
    process.stdout.write(`Spark Connect: sc://127.0.0.1:${port} (process ${pid}), tables of ${url}\n`);
  }
} else if (verb === 'down' && name === 'spark') {
  process.stdout.write(stopConnectServer() ? 'Spark stopped\n' : 'Spark was not running\n');
} else if (verb === 'status') {
  const server = connectServer();
  process.stdout.write(server === undefined ? 'spark: stopped\n' : `spark: sc://127.0.0.1:${server.port}\n`);
} else {
  process.stderr.write(usage);
  process.exitCode = 2;
}
