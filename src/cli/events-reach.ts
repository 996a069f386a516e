import { join } from 'node:path';
import { folderHolder, OctavoError } from '../base/index.ts';
import {
  matchingNewest,
  replayAnswer,
  replayFailed,
  type Replayed,
  type TailEvent,
  type TailNews,
} from '../api/index.ts';
import { createEventFeed } from '../collect/index.ts';
import type { EventChange } from '../event/index.ts';
import { withPlatform, type Cli, type GlobalOptions } from './command.ts';
import { openCollector } from './open-collector.ts';
import type { Platform } from './platform.ts';
import { openApiQueries } from './query-engine.ts';
import { reachable, runningPlace, type RunningPlace } from './running-place.ts';

/** Where the process that collects is reached. */
export interface Reach {
  readonly url?: string;
  readonly key?: string;
}

/** What is replayed, as the API takes it. */
export interface ReplayAsked {
  readonly days: number;
  readonly code?: string;
  readonly path?: string;
  readonly rule?: string;
  readonly source?: string;
  readonly kind?: string;
  readonly changes: readonly EventChange[];
  readonly events?: readonly { readonly place: string; readonly event: unknown }[];
  readonly dry_run: boolean;
}

const rowsMax = 10_000;

/** Replays through the process that collects; while none runs, in this one, which then loads them too. */
export async function replayAnywhere(
  cli: Cli,
  options: GlobalOptions & Reach,
  asked: ReplayAsked,
): Promise<Replayed> {
  const remote = await throughProcess(cli, { ...options, replays: true }, async (url, key) => {
    const response = await reached(url, '/v1/events/failed/replay', {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify(asked),
      signal: cli.signal,
    });
    return (await answered(response)) as Replayed;
  });
  if (remote !== undefined) return remote;
  return await withPlatform(
    cli,
    { ...options, own: true, command: 'octavo events replay' },
    async (platform) => {
      const [queries, collector] = [openApiQueries(platform), await openCollector(platform)];
      try {
        const { calendar, clock } = platform;
        // What was refused while nobody loaded is not in the table yet.
        await platform.loadAll();
        const { days, changes, events, dry_run: dryRun, ...filter } = asked;
        const outcomes = await replayFailed(
          { queries, collector },
          {
            filter: { ...filter, from: calendar.addDays(calendar.dayOf(clock.now()), 1 - days) },
            changes,
            ...(events && { edited: new Map(events.map(({ place, event }) => [place, event])) }),
            dryRun,
            limit: rowsMax,
          },
        );
        if (!dryRun) await platform.loadAll();
        return replayAnswer(outcomes, { dryRun, limit: rowsMax }, [...outcomes]);
      } finally {
        await collector.close();
        await queries.close();
      }
    },
  );
}

/** What is shown of the events that come. */
export interface Tail {
  readonly query: URLSearchParams;
  readonly once: boolean;
  readonly show: (event: TailEvent) => void;
  readonly missed: (count: number) => void;
  readonly note: (text: string) => void;
}

/** Shows events as they come to the process that collects; while none runs, the newest of the log. */
export async function tailAnywhere(cli: Cli, options: GlobalOptions & Reach, tail: Tail): Promise<void> {
  const remote = await throughProcess(cli, options, async (url, key) => {
    const stop = new AbortController();
    const response = await reached(url, `/v1/events/tail?${tail.query.toString()}`, {
      headers: { authorization: `Bearer ${key}` },
      signal: AbortSignal.any([cli.signal, stop.signal]),
    });
    if (response.status !== 200 || response.body === null) await answered(response);
    if (!tail.once) tail.note(`watching ${url}; Ctrl-C ends`);
    await readNews(response, tail).catch((cause: unknown) => {
      if (!cli.signal.aborted) throw new OctavoError('log_unavailable', `${url} was lost`, { cause });
    });
    stop.abort();
    if (!tail.once && !cli.signal.aborted) tail.note(`${url} has stopped`);
    return true;
  });
  if (remote === true) return;
  await withPlatform(cli, { ...options, own: true, command: 'octavo events tail' }, async ({ ownership }) => {
    if (ownership === undefined) throw new OctavoError('internal', 'the log is not open');
    const found = await matchingNewest(createEventFeed(ownership.logs), Object.fromEntries(tail.query));
    for (const event of found) tail.show(event);
    tail.note('nobody collects: these are the newest of the log that are not yet released');
  });
}

async function readNews(response: Response, tail: Tail): Promise<void> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const data = /^data: (.*)$/m.exec(block)?.[1];
      if (data === undefined) continue;
      const { events, missed } = JSON.parse(data) as TailNews;
      for (const event of events) tail.show(event);
      if (missed > 0) tail.missed(missed);
      if (tail.once) return;
    }
  }
}

/** Undefined while no process answers for the data folder and none is named. A key is made for the call and revoked after it. */
async function throughProcess<T>(
  cli: Cli,
  options: GlobalOptions & Reach & { readonly replays?: boolean },
  run: (url: string, key: string) => Promise<T>,
): Promise<T | undefined> {
  const given = options.key ?? cli.environment['OCTAVO_KEY'];
  if (options.url !== undefined && given !== undefined)
    return await run(options.url.replace(/\/$/, ''), given);
  return await withPlatform(cli, options, async (platform) => {
    const { dataFolder } = platform;
    const holder = folderHolder(join(dataFolder, 'lock'));
    const running = await livePlace(dataFolder, holder?.pid);
    const collects = running?.command === 'octavo collect';
    if (options.replays === true && options.url === undefined && collects) {
      // What was refused lies in its log, and nobody loads it; with Kafka this process can.
      if (holder === undefined) return undefined;
      throw new OctavoError('locked', `${holder.command}, process ${holder.pid}, only collects`, {
        details: { hint: 'stop it and run this again, or run `octavo start` in its place' },
      });
    }
    if (holder === undefined && running === undefined && options.url === undefined) return undefined;
    const url = options.url?.replace(/\/$/, '') ?? running?.url ?? urlOf(platform);
    if (given !== undefined) return await run(url, given);
    const made = platform.keys.create('octavo events', ['tables:read', 'personal:read', 'events:replay']);
    try {
      return await run(url, made.key);
    } finally {
      platform.keys.revoke(made.record.id);
    }
  });
}

/**
 * Who answers for the folder. Whoever holds it must be the one who said so; where nobody holds it, as with Kafka, somebody must
 * answer there: a killed process leaves its word, and its number may be another's by now.
 */
async function livePlace(
  dataFolder: string,
  holderPid: number | undefined,
): Promise<RunningPlace | undefined> {
  const told = runningPlace(dataFolder);
  if (told === undefined || told.pid === holderPid) return told;
  if (holderPid !== undefined || told.pid === process.pid) return undefined;
  const answered = await fetch(`${told.url}/v1/health`, { signal: AbortSignal.timeout(answerMaxMs) }).then(
    () => true,
    () => false,
  );
  return answered ? told : undefined;
}

const answerMaxMs = 3_000;

function urlOf({ config }: Platform): string {
  const { host, port } = config.http;
  return reachable(`http://${host.includes(':') ? `[${host}]` : host}:${port}`);
}

/** Errors: `log_unavailable` when nobody answers there. */
async function reached(url: string, path: string, request: RequestInit): Promise<Response> {
  try {
    return await fetch(url + path, request);
  } catch (cause) {
    if (request.signal?.aborted === true) throw cause;
    throw new OctavoError('log_unavailable', `nobody answers at ${url}`, {
      cause,
      details: { hint: 'give --url as the process that collects says it, e.g. http://127.0.0.1:8085' },
    });
  }
}

async function answered(response: Response): Promise<unknown> {
  const body = (await response.json().catch(() => ({}))) as {
    readonly code?: string;
    readonly detail?: string;
  };
  if (response.ok) return body;
  throw new OctavoError(
    'argument_invalid',
    `${response.status} ${body.code ?? ''}: ${body.detail ?? response.statusText}`,
  );
}
