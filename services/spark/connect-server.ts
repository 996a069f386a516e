import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { installSpark, sparkJars } from './install.ts';
import { catalogSettings, javaOptions } from './java-options.ts';

const folder = join(sparkJars, '..');
const stateFile = join(folder, 'connect.json');
const startMaxMs = 60_000;
const pollMs = 250;

/** A running Spark Connect server. */
export interface ConnectServer {
  readonly pid: number;
  readonly port: number;
}

/** Starts Spark Connect in the background with our catalogue attached, on a free port unless one is named. */
export async function startConnectServer(options: {
  readonly catalogUrl: string;
  readonly port?: number;
}): Promise<ConnectServer> {
  const running = connectServer();
  if (running !== undefined) return running;
  installSpark();
  const port = options.port ?? (await freePort());
  mkdirSync(folder, { recursive: true });
  const log = openSync(join(folder, 'connect.log'), 'w');
  const settings = {
    ...catalogSettings(options.catalogUrl),
    'spark.connect.grpc.binding.port': String(port),
  };
  const child = spawn(
    'java',
    [
      ...javaOptions,
      ...Object.entries(settings).map(([key, value]) => `-D${key}=${value}`),
      '-cp',
      `${sparkJars}/*`,
      'org.apache.spark.sql.connect.service.SparkConnectServer',
    ],
    { cwd: folder, detached: true, stdio: ['ignore', log, log] },
  );
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
  try {
    process.kill(server.pid, 0);
    return server;
  } catch {
    rmSync(stateFile);
    return undefined;
  }
}

/** Stops the server; false when none runs. */
export function stopConnectServer(): boolean {
  const server = connectServer();
  if (server === undefined) return false;
  process.kill(server.pid);
  rmSync(stateFile);
  return true;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
