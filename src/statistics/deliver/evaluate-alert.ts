import type { BusinessDay } from '../../base/index.ts';
import type { Grain } from '../grain.ts';
import type { Metric } from '../metric.ts';
import { comparedDay, type ComparedDay } from '../page/comparison.ts';
import type { Holidays } from '../page/holidays.ts';
import type { MetricValues } from '../page/metric-values.ts';
import type { Alert } from './alert.ts';

/** What an alert found of a day. */
export interface AlertFinding {
  readonly alert: Alert;
  readonly metric: Metric;
  readonly day: BusinessDay;
  readonly grain: Grain;
  /** `waiting`: the day is not counted yet and not late either; `unknown`: there is nothing to hold it against. */
  readonly state: 'firing' | 'quiet' | 'waiting' | 'unknown';
  /** Which part of the rule holds. */
  readonly reason: 'below' | 'above' | 'falls' | 'rises' | 'missing' | undefined;
  readonly value: number | null;
  /** What the day was held against, when the rule asks for it. */
  readonly against:
    | (ComparedDay & { readonly value: number | null; readonly change: number | null })
    | undefined;
}

/** Reads what an alert needs and decides. @param late - whether the day should have been counted by now */
export async function evaluateAlert(options: {
  readonly alert: Alert;
  readonly metrics: ReadonlyMap<string, Metric>;
  readonly values: MetricValues;
  readonly holidays: Holidays;
  readonly day: BusinessDay;
  readonly late: boolean;
}): Promise<AlertFinding> {
  const { alert, metrics, values, holidays, day, late } = options;
  const metric = metrics.get(alert.metric);
  if (metric === undefined) throw new TypeError(`no metric '${alert.metric}'`);
  const grain = alert.grain ?? 'day';
  const [by, member] = Object.entries(alert.filter ?? {})[0] ?? [];
  const part = { metric, by, member };
  const { falls, rises, against = 'same_weekday' } = alert.when;
  const compared =
    falls === undefined && rises === undefined ? undefined : comparedDay(holidays, grain, day, against);
  const [value, before] = await values.values(part, grain, [
    day,
    ...(compared === undefined ? [] : [compared.day]),
  ]);
  const change = changeOf(value, before);
  return {
    alert,
    metric,
    day,
    grain,
    value: value ?? null,
    against: compared === undefined ? undefined : { ...compared, value: before ?? null, change },
    ...decideAlert(alert.when, { value, change, late }),
  };
}

/** Whether the rule holds. @param found - `value` undefined: the day was not counted */
export function decideAlert(
  { below, above, falls, rises, missing = true }: Alert['when'],
  found: {
    readonly value: number | null | undefined;
    readonly change: number | null;
    readonly late: boolean;
  },
): Pick<AlertFinding, 'state' | 'reason'> {
  const { value, change } = found;
  const firing = (reason: NonNullable<AlertFinding['reason']>): Pick<AlertFinding, 'state' | 'reason'> => ({
    state: 'firing',
    reason,
  });
  if (value === undefined) {
    if (!found.late) return { state: 'waiting', reason: undefined };
    return missing ? firing('missing') : { state: 'unknown', reason: undefined };
  }
  if (below !== undefined && value !== null && value < below) return firing('below');
  if (above !== undefined && value !== null && value > above) return firing('above');
  if (falls !== undefined && change !== null && change <= -falls) return firing('falls');
  if (rises !== undefined && change !== null && change >= rises) return firing('rises');
  const threshold = below !== undefined || above !== undefined;
  const held =
    (threshold && value !== null) ||
    change !== null ||
    (!threshold && falls === undefined && rises === undefined);
  return { state: held ? 'quiet' : 'unknown', reason: undefined };
}

function changeOf(value: number | null | undefined, before: number | null | undefined): number | null {
  if (value === null || value === undefined || before === null || before === undefined || before === 0)
    return null;
  return value / before - 1;
}
