import { isUuid, OctavoError } from '../base/index.ts';
import { mapKept, type Collector } from '../collect/index.ts';
import {
  changeEvent,
  isEventError,
  validateEvent,
  type EventChange,
  type EventError,
} from '../event/index.ts';
import type { Queries } from '../query/index.ts';
import { failedRows, type FailedFilter, type FailedRow } from './failed-rows.ts';
import type { Replayed } from './replay-schemas.ts';

/** Which refused events are sent once more, and how they are mended. */
export interface ReplayRequest {
  readonly filter: FailedFilter;
  /** Made in each of them, in this order. */
  readonly changes: readonly EventChange[];
  /** Mended by hand, by their places: instead of what came. */
  readonly edited?: ReadonlyMap<string, unknown>;
  /** Only check what would become of them. */
  readonly dryRun: boolean;
  readonly limit: number;
}

/** What became of one. */
export interface ReplayOutcome {
  readonly place: string;
  readonly id: string;
  readonly status: 'accepted' | 'duplicate' | 'failed';
  readonly error?: EventError;
  /** As it is sent: only at a dry run. */
  readonly event?: unknown;
}

/** Takes events that are mended. */
export type Replayer = Pick<Collector, 'replay'>;

/**
 * Sends refused events through the collector's checks once more. An event keeps its id, and one without an id gets the
 * same each time: however often and by however many it is replayed, it is stored once. What fails again stays where it is.
 */
export async function replayFailed(
  { queries, collector }: { readonly queries: Queries; readonly collector: Replayer },
  { filter, changes, edited, dryRun, limit }: ReplayRequest,
): Promise<readonly ReplayOutcome[]> {
  const wanted = edited === undefined ? filter : { ...filter, places: [...edited.keys()] };
  const rows = await failedRows(queries, wanted, limit);
  const mended = rows.map((row) => {
    const came = edited?.has(row.place) === true ? edited.get(row.place) : row.event;
    return mapped(row, withId(changeEvent(came, changes, row.received_at), row.event_id));
  });
  if (dryRun) return mended.map(checked);
  const outcomes: ReplayOutcome[] = [];
  for (let start = 0; start < mended.length; start += togetherMax) {
    const together = mended.slice(start, start + togetherMax);
    outcomes.push(...(await Promise.all(together.map((one) => send(collector, one)))));
  }
  return outcomes;
}

/** A refused event as it is sent once more. */
interface Mended {
  readonly row: FailedRow;
  readonly event: unknown;
  /** Why it is no event of our shape still. */
  readonly error?: EventError;
}

/** What was kept in a shape of other hands is mapped once more. */
function mapped(row: FailedRow, event: unknown): Mended {
  const found = mapKept(event, row.received_at);
  if (found === undefined) return { row, event };
  return 'event' in found ? { row, event: found.event } : { row, event, error: found.error };
}

/** Counts the outcomes of a replay. @param results - those that are shown */
export function replayAnswer(
  outcomes: readonly ReplayOutcome[],
  { dryRun, limit }: Pick<ReplayRequest, 'dryRun' | 'limit'>,
  results: Replayed['results'],
): Replayed {
  const having = (status: ReplayOutcome['status']): number =>
    outcomes.filter((one) => one.status === status).length;
  return {
    dry_run: dryRun,
    selected: outcomes.length,
    more: outcomes.length >= limit,
    accepted: having('accepted'),
    duplicates: having('duplicate'),
    failed: having('failed'),
    results,
  };
}

/** How many wait for the disk together. */
const togetherMax = 500;

/** Errors: those of the collector while the disk is full or it stops; then what was sent is stored, and the rest can be sent again. */
async function send(collector: Replayer, { row, event, error: unmapped }: Mended): Promise<ReplayOutcome> {
  if (unmapped !== undefined)
    return { place: row.place, id: row.event_id, status: 'failed', error: unmapped };
  const { outcomes } = await collector.replay(
    { sentAt: row.sent_at ?? undefined, events: [event] },
    {
      received_at: row.received_at,
      source: row.source,
      ...(row.user_agent === null ? {} : { user_agent: row.user_agent }),
      ...(row.ip === null ? {} : { ip: row.ip }),
    },
  );
  if (outcomes[0] === undefined) throw new OctavoError('internal', 'a replayed event has no outcome');
  const { status, error } = JSON.parse(outcomes[0]) as Pick<ReplayOutcome, 'status' | 'error'>;
  return { place: row.place, id: row.event_id, status, ...(error === undefined ? {} : { error }) };
}

function checked({ row, event, error: unmapped }: Mended): ReplayOutcome {
  const result = unmapped ?? validateEvent(event);
  const told = { place: row.place, id: row.event_id, event };
  return isEventError(result)
    ? { ...told, status: 'failed', error: result }
    : { ...told, status: 'accepted' };
}

/** An id by which it is known again, if it has none of its own. */
function withId(event: unknown, id: string): unknown {
  if (typeof event !== 'object' || event === null || Array.isArray(event)) return event;
  const own = 'id' in event ? event.id : undefined;
  return typeof own === 'string' && isUuid(own) ? event : { ...event, id };
}
