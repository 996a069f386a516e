import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { CycleStatus } from '../../../api/index.ts';
import { useNow } from '../../data/use-now.ts';
import { useFormat, useText } from '../../i18n/language.tsx';
import { useStageName } from '../../i18n/use-stage.ts';
import { PageHead } from '../../parts/page.tsx';
import { Timeline } from '../../parts/timeline.tsx';
import { messages } from './messages.ts';
import { domainOf } from './morning-domain.ts';
import { useMorningRows } from './morning-rows.ts';

/** The first line, and the morning on the axis of time. */
export function Morning({ cycle }: { readonly cycle: CycleStatus }): ReactNode {
  const say = useText(messages);
  const format = useFormat();
  const navigate = useNavigate();
  const nowMs = useNow(cycle.state === 'done' ? 60_000 : 1_000);
  const rows = useMorningRows(cycle);
  const { title, about } = useFirstLine(cycle, nowMs);
  const { fromMs, toMs, dueInside } = domainOf(cycle, nowMs);
  const { forecast } = cycle;
  const dueMs = Date.parse(cycle.due_at);
  return (
    <>
      <PageHead title={title} about={about} documentTitle={say('home')} />
      {cycle.state === 'none' ? null : (
        <Timeline
          label={say('timeline')}
          rows={rows}
          fromMs={fromMs}
          toMs={toMs}
          now={
            cycle.state === 'done'
              ? undefined
              : { atMs: nowMs, label: say('now', { time: format.time(nowMs) }) }
          }
          due={dueInside ? { atMs: dueMs, label: say('promised', { time: format.time(dueMs) }) } : undefined}
          band={
            forecast === null || cycle.lists_out_at !== null
              ? undefined
              : {
                  fromMs: Date.parse(forecast.early_at),
                  toMs: Date.parse(forecast.late_at),
                  atMs: Date.parse(forecast.expected_at),
                  label: say('forecast', {
                    time: format.time(forecast.expected_at),
                    early: format.time(forecast.early_at),
                    late: format.time(forecast.late_at),
                  }),
                }
          }
          onOpen={() => void navigate({ to: '/runs' })}
        />
      )}
    </>
  );
}

/** The sentence that matters, and the one below it. */
function useFirstLine(cycle: CycleStatus, nowMs: number): { readonly title: string; readonly about: string } {
  const say = useText(messages);
  const format = useFormat();
  const stageName = useStageName();
  const { state, forecast, lists_out_at: outAt } = cycle;
  const day = format.dayShort(cycle.business_day);
  const due = format.time(cycle.due_at);
  if (outAt !== null) {
    const rest = cycle.tasks - cycle.done;
    const more = rest > 0 && state === 'running' ? ` ${say('behind', { count: rest })}` : '';
    return { title: say('out', { day }), about: outText() + more };
  }
  if (state === 'none') return { title: say('none'), about: say('noneNext') };
  if (state === 'failed') {
    const task = cycle.notices.find(({ code }) => code === 'task_failed')?.task ?? '';
    return { title: say('failed', { day }), about: say('stopped', { task }) };
  }
  const chance =
    forecast === null
      ? undefined
      : say('chance', {
          due,
          share: forecast.on_time === 1 ? say('surely') : format.percent(forecast.on_time),
          stage: stageName(forecast.slowest_stage),
        });
  if (state === 'waiting' && nowMs < Date.parse(cycle.begins_at) && forecast === null)
    return { title: say('waiting', { time: format.time(cycle.begins_at) }), about: say('beginsWith') };
  if (forecast === null)
    return { title: say('running'), about: say('doneOf', { tasks: cycle.tasks, done: cycle.done }) };
  return { title: say('willBeOut', { time: format.time(forecast.expected_at) }), about: chance ?? '' };

  function outText(): string {
    const next = format.time(cycle.next_begins_at);
    const outMs = Date.parse(outAt ?? '');
    const gapMs = Date.parse(cycle.due_at) - outMs;
    if (cycle.made_up) return say('madeUp', { time: format.moment(outMs), next });
    const filling = {
      time: format.time(outMs),
      due,
      duration: format.duration(roundUp(Math.abs(gapMs) / 1000)),
      next,
    };
    return say(gapMs >= 0 ? 'early' : 'lateBy', filling);
  }
}

/** From a minute on, seconds are not worth saying. */
function roundUp(seconds: number): number {
  return seconds < 60 ? seconds : Math.round(seconds / 60) * 60;
}
