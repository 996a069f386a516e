import { useSession } from '../../data/session.tsx';
import { useFormat, useLanguage } from '../../i18n/language.tsx';
import type { Comparison } from '../../parts/figure.tsx';

const shown = 4;
/** A rise above it is told as a multiple. */
const manifold = 5;

/** What a bookstore looks at first; a project without them shows its first metrics. */
export const wantedMetrics: readonly string[] = ['sales', 'buyers', 'sign_ups', 'active_readers'];

interface Named {
  readonly metric: string;
  readonly title: Readonly<Record<string, string>>;
}

/** The few metrics of a project that are looked at first. */
export function firstMetrics<T extends Named>(metrics: readonly T[]): readonly T[] {
  const known = wantedMetrics.flatMap((name) => metrics.filter(({ metric }) => metric === name));
  const others = metrics.filter((metric) => !known.includes(metric));
  return [...known, ...others].slice(0, shown);
}

/** How a metric's name, its value and a comparison are written. */
export interface MetricText {
  nameOf(metric: Named): string;
  write(unit: string, amount: number): string;
  /** @param ratio - the value divided by the one it is held against */
  compare(ratio: number, words: { readonly against: string; readonly even: string }): Comparison;
}

export function useMetricText(): MetricText {
  const format = useFormat();
  const { language } = useLanguage();
  const { state } = useSession();
  return {
    nameOf: ({ metric, title }) => title[language] ?? title['en'] ?? metric,
    write: (unit, amount) => {
      if (unit === state?.store.currency) return format.money(amount);
      if (unit === 'share') return format.percent(amount);
      return format.number(amount, Number.isInteger(amount) ? 0 : 1);
    },
    compare: (ratio, { against, even }) => {
      const change = ratio - 1;
      if (Math.abs(change) < 0.0005) return { text: '', direction: 'even', against: even };
      const text = ratio >= manifold ? `×${format.number(ratio, ratio < 10 ? 1 : 0)}` : format.change(change);
      return { text, direction: change > 0 ? 'up' : 'down', against };
    },
  };
}
