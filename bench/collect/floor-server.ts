import { open } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

/*
 * The floor under the collector: the same server and the same bytes, written as they come with one
 * fdatasync for all that waits; nothing is parsed, checked or remembered.
 */
const [, , directory = ''] = process.argv;
const file = await open(join(directory, 'floor.bin'), 'a');
let waiting: { readonly body: Buffer; readonly response: ServerResponse }[] = [];
let writing = false;

async function drain(): Promise<void> {
  writing = true;
  while (waiting.length > 0) {
    const group = waiting;
    waiting = [];
    await file.writev(group.map((one) => one.body));
    await file.datasync();
    for (const { response } of group) response.writeHead(200, { 'content-length': 2 }).end('{}');
  }
  writing = false;
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    waiting.push({ body: Buffer.concat(chunks), response });
    if (!writing) void drain();
  });
});
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.on('message', (message) => {
  if (message === 'usage') {
    const { user, system } = process.cpuUsage();
    process.send?.({ cpuSeconds: (user + system) / 1e6, rssBytes: process.memoryUsage.rss() });
  } else if (message === 'stop') process.exit(0);
});
process.on('disconnect', () => process.exit(1));
