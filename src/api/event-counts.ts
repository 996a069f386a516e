import type { Calendar } from '../base/index.ts';
import { eventKinds } from '../event/index.ts';
import type { Queries } from '../query/index.ts';
import { askRows } from './ask-rows.ts';
import type { EventKinds, FailedEvents } from './event-schemas.ts';
import { parseRaw } from './event-tail.ts';
import { knownIds } from './failed-rows.ts';
import { hideContents } from './hide-personal.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const hours = 24;
const reasonsMax = 100;

/** Events of the last 24 hours by kind, beside the same hours a week before. */
export async function countKinds(
  queries: Queries,
  { calendar, nowMs }: { readonly calendar: Calendar; readonly nowMs: number },
): Promise<EventKinds> {
  const day = (atMs: number): string => calendar.dayOf(atMs);
  const weekMs = 7 * dayMs;
  const within = (fromMs: number): string =>
    `(business_day between date '${day(fromMs)}' and date '${day(fromMs + dayMs)}'
      and occurred_at >= timestamptz '${instant(fromMs)}' and occurred_at < timestamptz '${instant(fromMs + dayMs)}')`;
  const rows = await askRows(queries)(
    `select kind, occurred_at < timestamptz '${instant(nowMs - dayMs)}' as earlier,
       floor((epoch_ms(occurred_at) - ${nowMs - dayMs}) / ${hourMs})::integer as hour, count(*) as events
     from raw.events where ${within(nowMs - dayMs)} or ${within(nowMs - dayMs - weekMs)} group by all`,
  );
  const kinds = Map.groupBy(rows, (row) => String(row['kind']));
  return {
    to: instant(nowMs),
    kinds: [...kinds]
      .map(([kind, counted]) => {
        const byHour = Array.from({ length: hours }, () => 0);
        let before = 0;
        for (const { earlier, hour, events } of counted) {
          if (earlier === true) before += Number(events);
          else byHour[Number(hour)] = Number(events);
        }
        const events = byHour.reduce((sum, count) => sum + count, 0);
        const { description = null } = eventKinds.get(kind) ?? {};
        return { kind, events, before, hours: byHour, description, known: description !== null };
      })
      .toSorted((one, other) => other.events - one.events || (one.kind < other.kind ? -1 : 1)),
  };
}

/** What was refused since a business day, by reason, whole: `forReader` hides what is personal. */
export async function countFailed(queries: Queries, from: string): Promise<FailedEvents> {
  const rows = await askRows(queries)(
    `select code, path, "rule", count(*) as events,
       count(*) filter (where f.event_id is not null and known.event_id is null) as waiting,
       min(received_at) as first_at, max(received_at) as last_at,
       list(distinct source order by source) as sources, arg_max(message, received_at) as message,
       arg_max(raw, received_at) as raw, sum(count(*)) over () as total
     from raw.failed_events f ${knownIds} where business_day >= date '${from}'
     group by 1, 2, 3 order by events desc, code, path limit ${reasonsMax}`,
  );
  return {
    from,
    total: Number(rows[0]?.['total'] ?? 0),
    reasons: rows.map((row) => ({
      code: String(row['code']),
      path: String(row['path'] ?? ''),
      rule: String(row['rule'] ?? ''),
      events: Number(row['events']),
      open: Number(row['waiting']),
      first_at: (row['first_at'] as Date).toISOString(),
      last_at: (row['last_at'] as Date).toISOString(),
      sources: (row['sources'] as readonly unknown[]).map(String),
      message: String(row['message'] ?? ''),
      example: parseRaw(String(row['raw'] ?? '')),
    })),
  };
}

/** The reasons without what may be personal in their examples. */
export function withoutContents(failed: FailedEvents): FailedEvents {
  return {
    ...failed,
    reasons: failed.reasons.map((reason) => ({
      ...reason,
      message: null,
      example: hideContents(reason.example),
    })),
  };
}

function instant(atMs: number): string {
  return new Date(atMs).toISOString();
}
