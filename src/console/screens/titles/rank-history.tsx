import { useMemo, type ReactNode } from 'react';
import type { ItemRankings } from '../../../api/index.ts';
import { useFormat, useText } from '../../i18n/language.tsx';
import { Chart } from '../../parts/chart.tsx';
import type { ChartSpec } from '../../parts/chart-spec.ts';
import { messages } from './messages.ts';
import { useTitleNames } from './use-title-names.ts';

const seriesMax = 5;

/** Ranks and counts by day, a line for each list, from the first day that has one. */
export function RankHistory({ title }: { readonly title: ItemRankings }): ReactNode {
  const say = useText(messages);
  const format = useFormat();
  const names = useTitleNames();
  const { ranks, counts } = useMemo(() => {
    const lists = title.lists.slice(0, seriesMax);
    const first = Math.min(...lists.map((one) => one.ranks.findIndex((rank) => rank !== null)));
    const from = Math.max(0, Math.min(first, title.days.length - 14));
    const labels = title.days.slice(from).map((day) => format.dayShort(day));
    const spec = (of: 'ranks' | 'counts', rest: Partial<ChartSpec>): ChartSpec => ({
      kind: 'line',
      labels,
      labelHead: say('day'),
      series: lists.map((one) => ({ name: names.list(one.list), values: one[of].slice(from) })),
      write: (value) => format.number(value),
      ...rest,
    });
    return { ranks: spec('ranks', { inverted: true }), counts: spec('counts', {}) };
  }, [title, format, say, names]);
  if (title.lists.length === 0)
    return <p className="muted rule">{say('noHistory', { days: title.days.length })}</p>;
  return (
    <div className="cols even title-charts">
      <div className="rule">
        <Chart title={say('history')} spec={ranks} height={240} />
      </div>
      <div className="rule">
        <Chart title={say('counted')} spec={counts} height={240} />
      </div>
    </div>
  );
}
