import {
  createServer,
  request as send,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../../src/base/index.ts';

/** Where a request is held: before the collector has it, while it stores it, or with its answer on the way. */
type Place = 'before' | 'inside' | 'answered';

/** Stands between the agent and the collector, and holds one request at a place of its way. */
export class HoldingProxy {
  readonly #target: number;
  readonly #random: Random;
  readonly #server: Server;
  #place: Place | undefined;
  /** Requests that pass before one is held. */
  #passing = 0;
  #reached: (() => void) | undefined;
  #holding: Promise<void> = Promise.resolve();
  #free: () => void = () => undefined;
  #atPlace: Promise<void> = Promise.resolve();
  readonly #open = new Set<Promise<void>>();
  underWay = 0;
  requests = 0;

  constructor(target: number, random: Random) {
    this.#target = target;
    this.#random = random;
    this.#server = createServer((request, response) => {
      this.requests += 1;
      this.underWay += 1;
      const passed = this.#pass(request, response).catch(() => {
        response.destroy();
      });
      this.#open.add(passed);
      response.once('close', () => (this.underWay -= 1));
      void passed.then(() => this.#open.delete(passed));
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((listening) => this.#server.listen(0, '127.0.0.1', listening));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The request after so many others is held at a place. */
  holdAt(place: Place, passing: number): void {
    this.#place = place;
    this.#passing = passing;
    this.#holding = new Promise((resolve) => (this.#free = resolve));
    this.#atPlace = new Promise((resolve) => (this.#reached = resolve));
  }

  /** Resolves when a request is at the place. */
  async held(): Promise<void> {
    await this.#atPlace;
  }

  /** Lets what is held go on, without the agent that sent it, and waits for it. */
  async release(): Promise<void> {
    this.#place = undefined;
    this.#free();
    await Promise.all(this.#open);
  }

  close(): void {
    this.#free();
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const body = Buffer.concat(parts);
    const held = this.#place !== undefined && this.#passing-- <= 0 ? this.#place : undefined;
    if (held === 'before') await this.#stay();
    const answering = this.#forward(request, body);
    // While the collector reads and stores it.
    if (held === 'inside') {
      await sleep(this.#random.below(8));
      this.#reached?.();
    }
    const { status, text } = await answering;
    if (held === 'answered') await this.#stay();
    else if (held === 'inside') await this.#holding;
    response.writeHead(status, { 'content-type': 'application/json' }).end(text);
  }

  async #stay(): Promise<void> {
    this.#reached?.();
    await this.#holding;
  }

  async #forward(
    { url, method, headers }: IncomingMessage,
    body: Buffer,
  ): Promise<{ readonly status: number; readonly text: string }> {
    return await new Promise((resolve, reject) => {
      const outgoing = send({ port: this.#target, path: url, method, headers }, (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (part: string) => (text += part));
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }));
        answer.on('error', reject);
      });
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  }
}
