import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { RunDays } from '../../../api/index.ts';
import { useFormat, useText } from '../../i18n/language.tsx';
import { IconButton } from '../../parts/button.tsx';
import { Select } from '../../parts/select.tsx';
import { messages } from './messages.ts';
import { runDaysQuery } from './queries.ts';

/** One of the days that something is kept of, and its neighbours. */
export function DayChooser({
  day,
  onChange,
}: {
  readonly day: string | undefined;
  /** Undefined for the newest day. */
  readonly onChange: (day: string | undefined) => void;
}): ReactNode {
  const say = useText(messages);
  const format = useFormat();
  const dayText = useDayText();
  const { data } = useQuery(runDaysQuery);
  const days = data?.days ?? [];
  const place = days.findIndex(({ business_day: one }) => one === day);
  const at = (index: number): string | undefined => days[index]?.business_day;
  const choose = (chosen: string | undefined): void => {
    if (chosen !== undefined) onChange(chosen === at(0) ? undefined : chosen);
  };
  const known = place === -1 && day !== undefined ? [{ value: day, label: format.day(day) }] : [];
  return (
    <span className="run-days">
      <IconButton
        icon="left"
        label={say('earlier')}
        disabled={place === -1 || at(place + 1) === undefined}
        onClick={() => choose(at(place + 1))}
      />
      <Select
        label={say('day')}
        value={day ?? ''}
        options={[...known, ...days.map((one) => ({ value: one.business_day, label: dayText(one) }))]}
        shown={day === undefined ? '…' : format.dayShort(day)}
        onChange={choose}
      />
      <IconButton
        icon="right"
        label={say('later')}
        disabled={place <= 0}
        onClick={() => choose(at(place - 1))}
      />
    </span>
  );
}

function useDayText(): (day: RunDays['days'][number]) => string {
  const say = useText(messages);
  const format = useFormat();
  return ({ business_day, state, failed, tasks, done }) => {
    const day = format.day(business_day);
    if (state === 'done') return say('dayDone', { day });
    if (state === 'running') return say('dayRunning', { day });
    if (state === 'failed') return say('dayFailed', { day, count: failed });
    return state === 'none' ? say('dayNone', { day }) : say('dayPart', { day, tasks, done });
  };
}
