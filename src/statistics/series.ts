import { OctavoError, suggestion, type BusinessDay } from '../base/index.ts';
import type { Edition, EditionEntry, ServingStore } from '../serving/index.ts';
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

/**
 * Reads a metric from the published editions, one for each day, week or month. Errors: `edition_not_found`,
 * `dimension_not_found`, `argument_invalid`.
 */
export async function readSeries(query: SeriesQuery): Promise<Series> {
  const { store, metric, grain, by } = query;
  const name = editionNames[grain];
  const newest = await store.current('statistic', name);
  if (newest === undefined)
    throw new OctavoError('edition_not_found', `no '${name}' statistics have been published yet`);
  const to = query.to === undefined || query.to > newest.business_day ? newest.business_day : query.to;
  const from = query.from ?? defaultFrom(grain, to);
  const rows = await new SeriesReader(store).series({ metric, by }, { grain, from, to });
  return { edition: newest, rows };
}

/** Which values of a metric: whole, or of every member of a dimension. */
export interface SeriesPart {
  readonly metric: Metric;
  readonly by?: string | undefined;
}

/** Reads many series of one moment: which editions are current is asked once. */
export class SeriesReader {
  readonly #store: ServingStore;
  readonly #days = new Map<Grain, Promise<ReadonlyMap<BusinessDay, string>>>();

  constructor(store: ServingStore) {
    this.#store = store;
  }

  /** The periods from the one of `from` to the one of `to`, which may be cut by `to`. Errors: `dimension_not_found`, `argument_invalid`. */
  async series(
    part: SeriesPart,
    { grain, from, to }: { readonly grain: Grain; readonly from: BusinessDay; readonly to: BusinessDay },
  ): Promise<readonly SeriesRow[]> {
    const known = await this.#editions(grain);
    const ends =
      grain === 'day'
        ? [...known.keys()].filter((day) => day >= from && day <= to)
        : periodEnds(grain, from, to).flatMap((day) => newestWithin(known, grain, day) ?? []);
    if (ends.length > daysMax || (grain === 'day' && daysOf(from, to) > daysMax))
      throw new OctavoError('argument_invalid', `at most ${daysMax} periods can be asked at once`);
    return this.upTo(part, grain, ends);
  }

  /** The periods as they stood at the end of exactly these days; a day that was not counted has no rows. Errors: `dimension_not_found`. */
  async upTo(part: SeriesPart, grain: Grain, days: readonly BusinessDay[]): Promise<readonly SeriesRow[]> {
    const { metric, by } = part;
    if (by !== undefined && !metric.dimensions.includes(by)) {
      throw new OctavoError(
        'dimension_not_found',
        `'${metric.name}' has no '${by}'${suggestion(by, metric.dimensions)}`,
      );
    }
    const known = await this.#editions(grain);
    const editions = days.flatMap((day) => {
      const id = known.get(day);
      return id === undefined ? [] : [{ day, id }];
    });
    const ids = editions.map(({ id }) => id);
    const dimension = by ?? wholeDimension;
    const read = (name: string): Promise<Entries> => this.#store.readAcross(ids, partName(name, dimension));
    const [values, parts] =
      metric.kind === 'counted'
        ? [await read(metric.name), undefined]
        : [await read(metric.to), await read(metric.of)];
    return editions.flatMap(({ day, id }) => {
      const complete = day === periodEnd(grain, day);
      const divided = parts === undefined ? undefined : valuesOf(parts.get(id) ?? []);
      return (values.get(id) ?? []).map(({ key, body }): SeriesRow => {
        const { value, period } = body as unknown as Value;
        const whole = toNumber(value);
        return {
          period,
          member: by === undefined ? null : key,
          value: divided === undefined ? whole : ratioOf(divided.get(key) ?? 0, whole),
          through: day,
          complete,
          edition: id,
        };
      });
    });
  }

  #editions(grain: Grain): Promise<ReadonlyMap<BusinessDay, string>> {
    const known = this.#days.get(grain);
    if (known !== undefined) return known;
    const asked = this.#store
      .days('statistic', editionNames[grain])
      .then((days) => new Map(days.map(({ business_day: day, id }) => [day, id])));
    this.#days.set(grain, asked);
    return asked;
  }
}

type Entries = Awaited<ReturnType<ServingStore['readAcross']>>;

interface Value {
  readonly period: string;
  readonly value: string | null;
}

function valuesOf(entries: readonly EditionEntry[]): ReadonlyMap<string, number | null> {
  return new Map(entries.map(({ key, body }) => [key, toNumber((body as unknown as Value).value)]));
}

function ratioOf(part: number | null, whole: number | null): number | null {
  return part === null || whole === null || whole === 0 ? null : part / whole;
}

function toNumber(value: string | null): number | null {
  return value === null ? null : Number(value);
}

/** The days whose editions close the periods from `from` to `to`. */
function periodEnds(grain: Grain, from: BusinessDay, to: BusinessDay): readonly BusinessDay[] {
  const ends: BusinessDay[] = [];
  for (let day = from; day <= to && ends.length <= daysMax;) {
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

/** The day itself; of a week or month also the last counted day before it within it, when the store was not there on its last day. */
function newestWithin(
  known: ReadonlyMap<BusinessDay, string>,
  grain: Grain,
  day: BusinessDay,
): BusinessDay | undefined {
  if (known.has(day)) return day;
  const first = periodStart(grain, day);
  for (let earlier = dayBefore(day); earlier >= first; earlier = dayBefore(earlier))
    if (known.has(earlier)) return earlier;
  return undefined;
}

function daysOf(from: BusinessDay, to: BusinessDay): number {
  return Temporal.PlainDate.from(from).until(Temporal.PlainDate.from(to), { largestUnit: 'day' }).days + 1;
}

function dayBefore(day: BusinessDay): BusinessDay {
  return Temporal.PlainDate.from(day).subtract({ days: 1 }).toString();
}
