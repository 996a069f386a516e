import { OctavoError, suggestion, type BusinessDay } from '../base/index.ts';
import type { Edition, ServingStore } from '../serving/index.ts';
import { periodEnd, periodStart, type Grain } from './grain.ts';
import { wholeDimension, type Metric } from './metric.ts';
import { editionNames, partName } from './publish.ts';

/** One value of a series. */
export interface SeriesRow {
  /** First business day of the period. */
  readonly period: BusinessDay;
  /** Null for the whole metric. */
  readonly member: string | null;
  /** Null where nothing can be said, e.g. a share of nothing. */
  readonly value: number | null;
  /** Last business day that is counted in it. */
  readonly through: BusinessDay;
  /** False for a week or month that is not over. */
  readonly complete: boolean;
  readonly edition: string;
}

export interface Series {
  /** The newest edition that the rows come from. */
  readonly edition: Edition;
  readonly rows: readonly SeriesRow[];
}

export interface SeriesQuery {
  readonly store: ServingStore;
  readonly metric: Metric;
  readonly metrics: ReadonlyMap<string, Metric>;
  readonly grain: Grain;
  /** A dimension; undefined for the whole metric. */
  readonly by?: string | undefined;
  /** Default: 30 days, 13 weeks or 12 months up to `to`. */
  readonly from?: BusinessDay | undefined;
  /** Default: the newest day that is published. */
  readonly to?: BusinessDay | undefined;
}

const daysMax = 1_200;
const membersMax = 10_000;

/** Reads a metric from the published editions, one for each day, week or month. Errors: `edition_not_found`, `dimension_not_found`, `argument_invalid`. */
export async function readSeries(query: SeriesQuery): Promise<Series> {
  const { store, metric, grain, by } = query;
  if (by !== undefined && !metric.dimensions.includes(by)) {
    throw new OctavoError(
      'dimension_not_found',
      `'${metric.name}' has no '${by}'${suggestion(by, metric.dimensions)}`,
    );
  }
  const name = editionNames[grain];
  const newest = await store.current('statistic', name);
  if (newest === undefined)
    throw new OctavoError('edition_not_found', `no '${name}' statistics have been published yet`);
  const to = query.to === undefined || query.to > newest.business_day ? newest.business_day : query.to;
  const from = query.from ?? defaultFrom(grain, to);
  const rows: SeriesRow[] = [];
  for (const day of periodEnds(grain, from, to)) {
    const edition = await newestWithin(store, name, grain, day);
    if (edition === undefined) continue;
    rows.push(...(await readEdition(query, edition, edition.business_day === periodEnd(grain, day))));
  }
  return { edition: newest, rows };
}

async function readEdition(
  query: SeriesQuery,
  edition: Edition,
  complete: boolean,
): Promise<readonly SeriesRow[]> {
  const { store, metric, by } = query;
  const dimension = by ?? wholeDimension;
  const read = async (name: string): Promise<ReadonlyMap<string, Value>> => {
    const page = await store.read(edition.id, partName(name, dimension), { from: 0, limit: membersMax });
    return new Map((page?.entries ?? []).map((entry) => [entry.key, entry.body as unknown as Value]));
  };
  const row = (member: string, value: number | null, period: string): SeriesRow => ({
    period,
    member: by === undefined ? null : member,
    value,
    through: edition.business_day,
    complete,
    edition: edition.id,
  });
  if (metric.kind === 'counted') {
    return [...(await read(metric.name))].map(([member, { value, period }]) =>
      row(member, toNumber(value), period),
    );
  }
  const [of, to] = [await read(metric.of), await read(metric.to)];
  return [...to].map(([member, { value, period }]) => {
    const whole = toNumber(value);
    const part = toNumber(of.get(member)?.value ?? '0');
    return row(member, part === null || whole === null || whole === 0 ? null : part / whole, period);
  });
}

interface Value {
  readonly period: string;
  readonly value: string | null;
}

function toNumber(value: string | null): number | null {
  return value === null ? null : Number(value);
}

/** The days whose editions close the periods from `from` to `to`. */
function periodEnds(grain: Grain, from: BusinessDay, to: BusinessDay): readonly BusinessDay[] {
  const ends: BusinessDay[] = [];
  for (let day = from; day <= to;) {
    if (ends.length >= daysMax)
      throw new OctavoError('argument_invalid', `at most ${daysMax} periods can be asked at once`);
    const over = periodEnd(grain, day);
    const end = over > to ? to : over;
    ends.push(end);
    day = Temporal.PlainDate.from(end).add({ days: 1 }).toString();
  }
  return ends;
}

function defaultFrom(grain: Grain, to: BusinessDay): BusinessDay {
  const date = Temporal.PlainDate.from(periodStart(grain, to));
  const back = { day: { days: 29 }, week: { weeks: 12 }, month: { months: 11 } } as const;
  return date.subtract(back[grain]).toString();
}

/** The edition of the day; of a week or month also the last one before it within it, when the store was not there on its last day. */
async function newestWithin(
  store: ServingStore,
  name: string,
  grain: Grain,
  day: BusinessDay,
): Promise<Edition | undefined> {
  const exact = await store.current('statistic', name, day);
  if (exact !== undefined || grain === 'day') return exact;
  const first = Temporal.PlainDate.from(periodStart(grain, day));
  for (
    let date = Temporal.PlainDate.from(day).subtract({ days: 1 });
    Temporal.PlainDate.compare(date, first) >= 0;
  ) {
    const earlier = await store.current('statistic', name, date.toString());
    if (earlier !== undefined) return earlier;
    date = date.subtract({ days: 1 });
  }
  return undefined;
}
