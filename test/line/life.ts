import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { seededRandom, silentLogger, type Clock } from '../../src/base/index.ts';
import { createCollector, type Collector } from '../../src/collect/index.ts';
import { openPlatform, type Platform } from '../../src/cli/platform.ts';
import type { DuckdbEngine } from '../../src/warehouse/index.ts';
import type { Machine } from './machine.ts';
import type { TestShop } from './shop.ts';

/** The platform's process from its start to its end. */
export interface Life {
  readonly platform: Platform;
  readonly collector: Collector;
  /** Sends a body to the collector; undefined when the answer never came. */
  send(body: string): Promise<Answer | undefined>;
  end(): Promise<void>;
}

export interface Answer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly body: unknown;
}

/** Starts the platform on a machine. */
export async function startLife(
  machine: Machine,
  shop: TestShop,
  options: { readonly clock: Clock; readonly name: string; readonly engine: DuckdbEngine },
): Promise<Life> {
  const platform = await openPlatform({
    projectDirectory: shop.project,
    dataDirectory: machine.data,
    environment: { OCTAVO_COLLECT_SEGMENT_BYTES: '65536', OCTAVO_RECOMMEND_THREADS: '1' },
    workingDirectory: shop.project,
    json: true,
    own: true,
    world: {
      storage: machine.storage,
      clock: options.clock,
      random: seededRandom(options.name),
      log: silentLogger,
      worker: options.name,
      engine: options.engine,
    },
  });
  let server: Server | undefined;
  const end = async (): Promise<void> => {
    server?.closeAllConnections();
    server?.close();
    // A crashed machine can close nothing properly.
    await platform.close().catch(unlessCrashed(machine));
  };
  try {
    const logs = platform.ownership?.logs;
    if (logs === undefined) throw new Error('the platform does not own its data folder');
    const collector = await createCollector({
      ...logs,
      clock: options.clock,
      authorize: () => ({ source: 'reader' }),
    });
    server = createServer((incoming, response) => void collector.handle(incoming, response));
    await new Promise<void>((listening) => server?.listen(0, '127.0.0.1', listening));
    const { port } = server.address() as AddressInfo;
    return { platform, collector, end, send: (body) => post(port, body) };
  } catch (error) {
    await end();
    throw error;
  }
}

/** Swallows what a crash of the machine makes fail. */
export function unlessCrashed(machine: Machine): (error: unknown) => undefined {
  return (error) => {
    if (!machine.crashed) throw error;
  };
}

function post(port: number, body: string): Promise<Answer | undefined> {
  return new Promise((resolve) => {
    const sent = request({ port, host: '127.0.0.1', path: '/v1/events', method: 'POST', agent: false });
    sent.on('error', () => resolve(undefined));
    sent.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      response.on('error', () => resolve(undefined));
      response.on('end', () => {
        const { statusCode: status = 0, headers } = response;
        resolve({ status, retryAfter: headers['retry-after'], body: JSON.parse(text) });
      });
    });
    sent.end(body);
  });
}
