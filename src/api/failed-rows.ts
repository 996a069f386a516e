import { OctavoError } from '../base/index.ts';
import type { Queries } from '../query/index.ts';
import { askRows } from './ask-rows.ts';
import { parseRaw } from './event-tail.ts';

/** Which refused events are meant. */
export interface FailedFilter {
  /** First business day on which they were refused. */
  readonly from: string;
  readonly code?: string | undefined;
  readonly path?: string | undefined;
  readonly rule?: string | undefined;
  readonly source?: string | undefined;
  readonly kind?: string | undefined;
  /** Exactly these, as `FailedRow.place` names them. */
  readonly places?: readonly string[] | undefined;
  /** Also those whose id is stored meanwhile. Default false. */
  readonly resolved?: boolean | undefined;
}

/** A refused event. */
export interface FailedRow {
  /** Its partition and offset in the log of refused events: `0-17`. */
  readonly place: string;
  /** Its own id, else one that is made of its place: the same at every replay. */
  readonly event_id: string;
  readonly received_at: string;
  readonly sent_at: string | null;
  readonly source: string;
  readonly user_agent: string | null;
  readonly ip: string | null;
  readonly code: string;
  readonly path: string;
  readonly rule: string;
  readonly message: string;
  /** As it came; a text where it was too long to be kept whole. */
  readonly event: unknown;
  /** Whether an event of this id is stored. */
  readonly resolved: boolean;
}

/** Most rows that are read at once. */
export const failedRowsMax = 10_000;
/** Most places that can be named at once. */
export const placesMax = 1_000;

/** Joins refused events `f` with those of their ids that are stored: `known.event_id`. */
export const knownIds = `left join (select distinct event_id from raw.events
  where event_id in (select event_id from raw.failed_events)) known on known.event_id = f.event_id`;

/** Refused events that the loader has taken over, oldest first. Errors: `argument_invalid` for what is no place. */
export async function failedRows(
  queries: Queries,
  filter: FailedFilter,
  limit: number,
): Promise<readonly FailedRow[]> {
  const where = [`f.log_topic = 'failed'`, `f.event_id is not null`];
  if (filter.places === undefined) where.push(`f.business_day >= date ${quoted(filter.from)}`);
  else where.push(`f.log_partition || '-' || f.log_offset in (${filter.places.map(placeText).join(', ')})`);
  for (const name of ['code', 'path', 'rule', 'source', 'kind'] as const) {
    const wanted = filter[name];
    if (wanted !== undefined) where.push(`coalesce(f."${name}", '') = ${quoted(wanted)}`);
  }
  if (filter.resolved !== true) where.push('known.event_id is null');
  const rows = await askRows(queries)(
    `select f.log_partition || '-' || f.log_offset as place, cast(f.event_id as varchar) as event_id, f.received_at, f.sent_at,
       f.source, f.user_agent, f.ip, f.code, f.path, f."rule", f.message, f.raw, known.event_id is not null as resolved
     from raw.failed_events f ${knownIds} where ${where.join(' and ')} order by f.log_partition, f.log_offset limit ${limit}`,
  );
  return rows.map((row) => ({
    place: String(row['place']),
    event_id: String(row['event_id']),
    received_at: (row['received_at'] as Date).toISOString(),
    sent_at: row['sent_at'] === null ? null : (row['sent_at'] as Date).toISOString(),
    source: String(row['source'] ?? ''),
    user_agent: textOf(row['user_agent']),
    ip: textOf(row['ip']),
    code: String(row['code']),
    path: String(row['path'] ?? ''),
    rule: String(row['rule'] ?? ''),
    message: String(row['message'] ?? ''),
    event: parseRaw(String(row['raw'] ?? '')),
    resolved: row['resolved'] === true,
  }));
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function placeText(place: string): string {
  if (!/^\d{1,4}-\d{1,16}$/.test(place))
    throw new OctavoError('argument_invalid', `'${place}' is no place such as 0-17`);
  return quoted(place);
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
