import { useMemo, type ReactNode } from 'react';
import { useFormat, useText } from '../i18n/language.tsx';
import { defineMessages } from '../i18n/messages.ts';
import { Chart } from './chart.tsx';
import type { ChartSpec } from './chart-spec.ts';

const messages = defineMessages({ day: { ko: '영업일', en: 'Business day' } });
const drawnMax = 92;

/** One day's number; what runs on no day is named by its instant. */
export interface DayBar {
  readonly day: string | null;
  readonly at?: string;
  readonly value: number | null;
}

/** A number of each day as bars, from left to right in time; given newest first. */
export function DayBars({
  title,
  name,
  days,
  height,
  write,
}: {
  readonly title: string;
  /** What the number is. */
  readonly name: string;
  readonly days: readonly DayBar[];
  readonly height: number;
  readonly write?: (value: number) => string;
}): ReactNode {
  const say = useText(messages);
  const format = useFormat();
  const spec = useMemo((): ChartSpec => {
    const drawn = days.slice(0, drawnMax).toReversed();
    return {
      kind: 'bar',
      labels: drawn.map(({ day, at = '' }) => (day === null ? format.moment(at) : format.dayShort(day))),
      labelHead: say('day'),
      series: [{ name, values: drawn.map(({ value }) => value) }],
      ...(write === undefined ? {} : { write }),
    };
  }, [days, name, write, format, say]);
  return <Chart title={title} spec={spec} height={height} />;
}
