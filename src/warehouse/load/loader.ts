import { hasCode } from '../../base/index.ts';
import type { PartitionGroup } from '../../collect/index.ts';
import type { Warehouse } from '../warehouse-port.ts';
import { compactAfter } from './compact-after.ts';
import { eventColumns, failedColumns } from './event-columns.ts';
import { loadEvents } from './load-events.ts';
import { loadFailed } from './load-failed.ts';
import { Narrowing } from './narrowing.ts';
import { nothing, type LoaderOptions, type LoadOutcome } from './loader-options.ts';
import { Ahead } from './prepare.ts';
import type { LogShare } from './log-share.ts';
import { waitingRecords } from './take-records.ts';

/** Moves events from the log into `raw.events` and `raw.failed_events`, each exactly once. */
export interface Loader {
  /**
   * Everything that is in the log now, or as much as fits into one commit. Where that has a record that is no event, it is
   * loaded by several smaller commits; events that come meanwhile may be in them.
   */
  loadOnce(signal?: AbortSignal): Promise<LoadOutcome>;
  /** Loads until nothing is left. */
  loadAll(signal?: AbortSignal): Promise<LoadOutcome>;
  /**
   * Loads again and again until the signal aborts; errors that may pass are logged and tried again. Where a log deals its
   * partitions among loaders, it takes its share.
   */
  run(signal: AbortSignal): Promise<void>;
}

const attemptsMax = 8;
const overtakenCodes = ['commit_conflict', 'log_offset_gone', 'day_sealed'] as const;

/**
 * Several loaders may run, in one process or in many: they take different partitions where the log deals them. Of two that
 * load the same records one commits, and the other begins again after them: the table's own offsets decide.
 */
export function createLoader(options: LoaderOptions): Loader {
  const { warehouse } = options;
  const events: LogShare = { log: options.events, topic: 'events' };
  const failed: LogShare | undefined =
    options.failed === undefined ? undefined : { log: options.failed, topic: 'failed' };
  const narrowing = new Narrowing();
  const load: Load = async (shares, { signal, ahead }) => {
    const how = { signal, ahead, narrowing };
    let done = nothing;
    // Of a batch that was cut, all of it, each part a commit.
    do {
      const part = await retried(warehouse, () => loadEvents(options, shares.events, how));
      done = { ...add(done, part), more: part.more };
      if (signal?.aborted === true) break;
    } while (done.more && narrowing.isActive);
    const refused = shares.failed;
    if (refused === undefined) return done;
    return add(done, await retried(warehouse, () => loadFailed(options, refused, signal)));
  };
  const whole: Shares = { events, failed };
  return {
    loadOnce: (signal) => load(whole, { signal }),
    loadAll: async (signal) => {
      const ahead = new Ahead();
      let total = nothing;
      try {
        do {
          const done = await load(whole, { signal, ahead });
          total = { ...add(total, done), more: done.more };
        } while (total.more);
        return total;
      } finally {
        await ahead.drop();
      }
    },
    run: (signal) => runLoader(options, whole, { load, signal }),
  };
}

type Load = (
  shares: Shares,
  how: { readonly signal?: AbortSignal | undefined; readonly ahead?: Ahead },
) => Promise<LoadOutcome>;

interface Shares {
  readonly events: LogShare;
  readonly failed: LogShare | undefined;
}

async function runLoader(
  options: LoaderOptions,
  whole: Shares,
  run: {
    readonly load: Load;
    readonly signal: AbortSignal;
  },
): Promise<void> {
  const { log } = options;
  const { clock } = options.warehouse.context;
  const { signal } = run;
  const intervalMs = options.intervalMs ?? 2_000;
  const groups: PartitionGroup[] = [];
  const ahead = new Ahead();
  let shares: Shares | undefined;
  let sinceMs: number | undefined;
  let commits = 0;
  try {
    while (!signal.aborted) {
      let more = false;
      try {
        shares ??= await joined(whole, groups);
        if (await isTime(options, shares, { sinceMs, begin: (nowMs) => (sinceMs = nowMs) })) {
          more = (await run.load(shares, { signal, ahead })).more;
          sinceMs = undefined;
          commits = await compactAfter(options.warehouse, commits + 1);
        } else {
          // More will have come by then, and belongs to the same commit.
          await ahead.drop();
        }
      } catch (error) {
        if (signal.aborted) return;
        log.error('loading events failed, it is tried again', {
          error: error instanceof Error ? error.message : String(error),
        });
      }
      if (!more) await clock.sleep(intervalMs, signal).catch(() => undefined);
    }
  } finally {
    await ahead.drop();
    await Promise.all(groups.map((group) => group.close()));
  }
}

async function joined(whole: Shares, groups: PartitionGroup[]): Promise<Shares> {
  const join = async (share: LogShare): Promise<LogShare> => {
    const group = await share.log.join?.();
    if (group === undefined) return share;
    groups.push(group);
    return { ...share, group };
  };
  const events = await join(whole.events);
  return { events, failed: whole.failed === undefined ? undefined : await join(whole.failed) };
}

/** Whether what waits is worth a commit, or has waited long enough. */
async function isTime(
  options: LoaderOptions,
  { events, failed }: Shares,
  wait: { readonly sinceMs: number | undefined; readonly begin: (nowMs: number) => void },
): Promise<boolean> {
  const { warehouse, waitMs = 0, targetRecords = 50_000 } = options;
  if (waitMs === 0) return true;
  const [table, refused] = [
    await warehouse.ensureTable('raw.events', eventColumns),
    failed && (await warehouse.ensureTable('raw.failed_events', failedColumns)),
  ];
  const waiting =
    (await waitingRecords(events, table.metadata.properties)) +
    (failed === undefined ? 0 : await waitingRecords(failed, refused?.metadata.properties ?? {}));
  if (waiting === 0) return false;
  const nowMs = warehouse.context.clock.now();
  const { sinceMs } = wait;
  if (sinceMs === undefined) wait.begin(nowMs);
  // A clock that went back says nothing about how long they have waited.
  const waitedMs = sinceMs === undefined ? 0 : nowMs < sinceMs ? waitMs : nowMs - sinceMs;
  return waiting >= targetRecords || waitedMs >= waitMs;
}

function add(left: LoadOutcome, right: LoadOutcome): LoadOutcome {
  return {
    loaded: left.loaded + right.loaded,
    duplicates: left.duplicates + right.duplicates,
    late: left.late + right.late,
    failed: left.failed + right.failed,
    more: left.more || right.more,
  };
}

async function retried(warehouse: Warehouse, load: () => Promise<LoadOutcome>): Promise<LoadOutcome> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await load();
    } catch (error) {
      // Another loader committed first, and may have released what it loaded; or a day was sealed since its events were
      // placed: they are placed again, as late.
      const overtaken = overtakenCodes.some((code) => hasCode(error, code));
      if (!overtaken || attempt >= attemptsMax) throw error;
      await warehouse.context.clock.sleep(warehouse.context.random.below(20 * attempt));
    }
  }
}
