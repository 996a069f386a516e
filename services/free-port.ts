import { randomInt } from 'node:crypto';
import { connect, createServer } from 'node:net';

// Below the ports that systems give to the near ends of connections: a server that is killed and started again
// must find its port free, and a client that tries it meanwhile must not be given the very port it calls.
const [leastPort, mostPort] = [10_000, 30_000];
const triesMax = 100;
const given = new Set<number>();

/** A port of this machine that nobody listens on; never one twice in one process. Errors: when none was found. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < triesMax; tries++) {
    const port = randomInt(leastPort, mostPort);
    if (given.has(port) || !(await isFree(port))) continue;
    given.add(port);
    return port;
  }
  throw new Error(`no free port was found from ${leastPort} to ${mostPort}`);
}

function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/** Whether somebody listens on a port of this machine. */
export function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
