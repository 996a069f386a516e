import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { answers, freePort } from '../free-port.ts';
import { installSpark, sparkFolder as folder } from './install.ts';
import { javaArguments, javaEnvironment, type CatalogAddress } from './java-options.ts';

const stateFile = join(folder, 'connect.json');
const argumentFile = join(folder, 'connect.args');
const startMaxMs = 60_000;
const pollMs = 250;

/** A running Spark Connect server. */
export interface ConnectServer {
  readonly pid: number;
  readonly port: number;
}

/** Starts Spark Connect in the background with our catalogue attached, on a free port unless one is named. */
export async function startConnectServer(options: {
  readonly catalog: CatalogAddress;
  readonly port?: number;
}): Promise<ConnectServer> {
  const running = connectServer();
  if (running !== undefined) return running;
  installSpark();
  const port = options.port ?? (await freePort());
  mkdirSync(folder, { recursive: true });
  const log = openSync(join(folder, 'connect.log'), 'w');
  rmSync(argumentFile, { force: true });
  writeFileSync(
    argumentFile,
    javaArguments('org.apache.spark.sql.connect.service.SparkConnectServer', options.catalog, {
      // Whoever reaches the port uses the key for the catalogue.
      'spark.connect.grpc.binding.address': '127.0.0.1',
      'spark.connect.grpc.binding.port': String(port),
    }),
    { mode: 0o600 },
  );
  const child = spawn('java', [`@${argumentFile}`], {
    cwd: folder,
    env: javaEnvironment(),
    detached: true,
    stdio: ['ignore', log, log],
  });
  child.unref();
  const pid = child.pid ?? 0;
  for (let waitedMs = 0; waitedMs < startMaxMs; waitedMs += pollMs) {
    if (child.exitCode !== null) break;
    if (await answers(port)) {
      writeFileSync(stateFile, JSON.stringify({ pid, port }));
      return { pid, port };
    }
    await delay(pollMs);
  }
  if (child.exitCode === null) process.kill(pid);
  throw new Error(`Spark Connect did not start; see ${join(folder, 'connect.log')}`);
}

/** The server that was started here before and still runs. */
export function connectServer(): ConnectServer | undefined {
  if (!existsSync(stateFile)) return undefined;
  const server = JSON.parse(readFileSync(stateFile, 'utf8')) as ConnectServer;
  // Another process may have got the number since.
  const { stdout } = spawnSync('ps', ['-p', String(server.pid), '-o', 'args='], { encoding: 'utf8' });
  if ((stdout ?? '').includes(argumentFile)) return server;
  rmSync(stateFile);
  return undefined;
}

/** Stops the server; false when none runs. */
export function stopConnectServer(): boolean {
  const server = connectServer();
  if (server === undefined) return false;
  process.kill(server.pid);
  rmSync(stateFile);
  return true;
}
