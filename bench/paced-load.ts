import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';

/** What a paced load is: so many requests a second on their due time, whether or not earlier ones were answered. */
export interface PacedLoad {
  readonly url: string;
  readonly paths: readonly string[];
  readonly key: string;
  readonly rate: number;
  readonly seconds: number;
  readonly connections: number;
}

/** Milliseconds from a request's due time to the last byte of its answer, at the 50th and 99th percentile. */
export interface PacedResult {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly failed: number;
}

const tickMs = 1;
const warmUpMs = 1_000;

/** Sends the load over keep-alive connections, one request at a time on each. */
export async function pace(load: PacedLoad): Promise<PacedResult> {
  const { hostname, port } = new URL(load.url);
  const latencies: number[] = [];
  const waiting: number[] = [];
  const idle: Socket[] = [];
  let failed = 0;
  let sent = 0;
  let stopped = false;
  const send = (socket: Socket, dueMs: number): void => {
    const path = load.paths[sent++ % load.paths.length] ?? '/';
    let left = -1;
    const chunks: Buffer[] = [];
    const onData = (chunk: Buffer): void => {
      if (left < 0) {
        chunks.push(chunk);
        const head = Buffer.concat(chunks);
        const end = head.indexOf('\r\n\r\n');
        if (end < 0) return;
        const text = head.toString('latin1', 0, end);
        if (!text.startsWith('HTTP/1.1 200')) failed++;
        left = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0) - (head.length - end - 4);
      } else {
        left -= chunk.length;
      }
      if (left > 0) return;
      socket.off('data', onData);
      if (dueMs >= startMs + warmUpMs) latencies.push(performance.now() - dueMs);
      const next = waiting.shift();
      if (next !== undefined) send(socket, next);
      else idle.push(socket);
    };
    socket.on('data', onData);
    socket.write(`GET ${path} HTTP/1.1\r\nhost: ${hostname}\r\nauthorization: Bearer ${load.key}\r\n\r\n`);
  };
  const sockets = await Promise.all(
    Array.from({ length: load.connections }, () => open(hostname, Number(port))),
  );
  idle.push(...sockets);
  const startMs = performance.now();
  for (const socket of sockets)
    socket.on('error', () => failed++).on('close', () => (failed += stopped ? 0 : 1));
  let due = 0;
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      const elapsedMs = performance.now() - startMs;
      for (; due < (elapsedMs * load.rate) / 1000; due++) {
        const dueMs = startMs + (due * 1000) / load.rate;
        const socket = idle.shift();
        if (socket === undefined) waiting.push(dueMs);
        else send(socket, dueMs);
      }
      if (elapsedMs < load.seconds * 1000) return;
      clearInterval(timer);
      resolve();
    }, tickMs);
  });
  stopped = true;
  for (const socket of sockets) socket.destroy();
  latencies.sort((a, b) => a - b);
  const at = (share: number): number => latencies[Math.floor(latencies.length * share)] ?? Number.NaN;
  return { p50Ms: at(0.5), p99Ms: at(0.99), failed };
}

function open(host: string, port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true });
    socket.once('connect', () => resolve(socket)).once('error', reject);
  });
}

if (import.meta.main) {
  const load = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as PacedLoad;
  console.log(JSON.stringify(await pace(load)));
}
