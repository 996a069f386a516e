import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { answers, freePort } from './free-port.ts';
import { startMariadb } from './mariadb/server.ts';
import { startMysql } from './mysql/server.ts';
import { startPostgres } from './postgres/server.ts';

/** A database server that runs on after the command that started it. */
export interface BackgroundServer {
  readonly pid: number;
  readonly port: number;
}

/** The shop's database servers. */
export type ShopServer = 'mariadb' | 'mysql' | 'postgres';

const ports: Readonly<Record<ShopServer, number>> = { mariadb: 3306, mysql: 3306, postgres: 5432 };
const starts = { mariadb: startMariadb, mysql: startMysql, postgres: startPostgres } as const;
const endMs = 20_000;

/** Where a server that runs in the background keeps its data, which stays when it is stopped. */
function folderOf(name: ShopServer): string {
  return join(import.meta.dirname, '../.cache/services', name);
}

/** Starts the server, on its usual port when that is free. */
export async function startShopServer(name: ShopServer): Promise<BackgroundServer> {
  const running = runningShopServer(name);
  if (running !== undefined) return running;
  const folder = folderOf(name);
  mkdirSync(folder, { recursive: true });
  const port = (await answers(ports[name])) ? await freePort() : ports[name];
  const { pid } = await starts[name]({ folder, port, detached: true });
  writeFileSync(join(folder, 'server.json'), JSON.stringify({ pid, port }));
  return { pid, port };
}

/** The server that runs in the background. */
export function runningShopServer(name: ShopServer): BackgroundServer | undefined {
  const file = join(folderOf(name), 'server.json');
  if (!existsSync(file)) return undefined;
  const server = JSON.parse(readFileSync(file, 'utf8')) as BackgroundServer;
  return isAlive(server.pid) ? server : undefined;
}

/** Ends it; false when it did not run. */
export async function stopShopServer(name: ShopServer): Promise<boolean> {
  const server = runningShopServer(name);
  if (server === undefined) return false;
  // PostgreSQL ends at once with SIGINT; with SIGTERM it waits for who is connected.
  process.kill(server.pid, name === 'postgres' ? 'SIGINT' : 'SIGTERM');
  for (let waitedMs = 0; isAlive(server.pid) && waitedMs < endMs; waitedMs += 100) await delay(100);
  if (isAlive(server.pid)) throw new Error(`${name} (process ${server.pid}) does not end`);
  rmSync(join(folderOf(name), 'server.json'), { force: true });
  return true;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
