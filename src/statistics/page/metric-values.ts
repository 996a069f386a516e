import type { BusinessDay } from '../../base/index.ts';
import type { ServingStore } from '../../serving/index.ts';
import { periodStart, type Grain } from '../grain.ts';
import type { Metric } from '../metric.ts';
import { SeriesReader, type SeriesRow } from '../series.ts';

/** Which values of a metric: whole, by a dimension's members, or one member's. */
export interface MetricPart {
  readonly metric: Metric;
  readonly by?: string | undefined;
  /** Only this member of `by`. */
  readonly member?: string | undefined;
}

/** Reads metrics from the published editions, as `octavo metrics` does, and keeps what one answer reads twice. */
export class MetricValues {
  readonly #reader: SeriesReader;
  readonly #metrics: ReadonlyMap<string, Metric>;
  readonly #read = new Map<string, Promise<readonly SeriesRow[]>>();

  constructor(store: ServingStore, metrics: ReadonlyMap<string, Metric>) {
    this.#reader = new SeriesReader(store);
    this.#metrics = metrics;
  }

  /** The periods from the one of `from` to the one of `to`, which may be cut by `to`. */
  async series(
    { metric, by, member }: MetricPart,
    span: { readonly grain: Grain; readonly from: BusinessDay; readonly to: BusinessDay },
  ): Promise<readonly SeriesRow[]> {
    const key = [metric.name, by ?? '', span.grain, span.from, span.to].join('/');
    const reading = this.#read.get(key) ?? this.#reader.series({ metric, by }, span);
    this.#read.set(key, reading);
    const rows = await reading;
    return member === undefined ? rows : rows.filter((row) => row.member === member);
  }

  /** The rows of the period up to the day exactly; none when that day was not counted. */
  async upTo(
    { metric, by, member }: MetricPart,
    grain: Grain,
    day: BusinessDay,
  ): Promise<readonly SeriesRow[]> {
    const rows = await this.#reader.upTo({ metric, by }, grain, [day]);
    return member === undefined ? rows : rows.filter((row) => row.member === member);
  }

  /** The one value of the periods up to these days; undefined for a day that was not counted. */
  async values(
    part: MetricPart,
    grain: Grain,
    days: readonly BusinessDay[],
  ): Promise<readonly (number | null | undefined)[]> {
    const { metric, by, member } = part;
    const rows = await this.#reader.upTo({ metric, by }, grain, days);
    const values = new Map<BusinessDay, number | null>();
    // A member without rows on a counted day counts nothing; an average of nothing is nothing.
    const nothing = addsUp(metric, this.#metrics) ? 0 : null;
    if (member !== undefined)
      for (const { through } of await this.#reader.upTo({ metric }, grain, days))
        values.set(through, nothing);
    for (const row of rows)
      if (member === undefined || row.member === member) values.set(row.through, row.value);
    return days.map((day) => values.get(day));
  }

  /** The one value of the period up to the day; undefined when that day was not counted. */
  async value(part: MetricPart, grain: Grain, day: BusinessDay): Promise<number | null | undefined> {
    return (await this.values(part, grain, [day]))[0];
  }

  /** Values of a span by member: of its own period where it is one, else added up from its days. Undefined where they do not add up. */
  async over(
    part: MetricPart,
    span: { readonly from: BusinessDay; readonly to: BusinessDay },
  ): Promise<ReadonlyMap<string, number | null> | undefined> {
    const grain = periodOf(span);
    if (grain !== undefined) {
      const rows = await this.upTo(part, grain, span.to);
      return new Map(rows.map(({ member, value }) => [member ?? '', value]));
    }
    const { metric } = part;
    if (metric.kind === 'ratio') {
      const sides = [metric.of, metric.to].map((name) => this.#metrics.get(name));
      const [of, to] = await Promise.all(
        sides.map(async (side) =>
          side === undefined ? undefined : this.over({ ...part, metric: side }, span),
        ),
      );
      if (of === undefined || to === undefined) return undefined;
      return new Map(
        [...to].map(([member, whole]) => [
          member,
          whole === null || whole === 0 ? null : (of.get(member) ?? 0) / whole,
        ]),
      );
    }
    if (!addsUp(metric, this.#metrics)) return undefined;
    const sums = new Map<string, number>();
    for (const { member, value } of await this.series(part, { grain: 'day', ...span }))
      sums.set(member ?? '', exactSum(sums.get(member ?? '') ?? 0, value ?? 0));
    return sums;
  }
}

/** The grain whose period the span is, whole or to date. */
export function periodOf({
  from,
  to,
}: {
  readonly from: BusinessDay;
  readonly to: BusinessDay;
}): Grain | undefined {
  if (from === to) return 'day';
  return (['week', 'month'] as const).find((grain) => periodStart(grain, to) === from);
}

/** Whether values of days add up to the value of all of them: sums and counts do, distinct counts and averages do not. */
export function addsUp(metric: Metric, metrics: ReadonlyMap<string, Metric>): boolean {
  if (metric.kind === 'counted') return metric.additive;
  return [metric.of, metric.to].every((name) => {
    const side = metrics.get(name);
    return side !== undefined && addsUp(side, metrics);
  });
}

const micros = 1_000_000;

/** Adds values of six decimals without their binary errors. */
export function exactSum(a: number, b: number): number {
  return Math.round((a + b) * micros) / micros;
}
