import type { ReactNode } from 'react';
import type { CycleStatus, DayRun, DayRuns } from '../../../api/index.ts';
import { useNow } from '../../data/use-now.ts';
import { useFormat, useText } from '../../i18n/language.tsx';
import { Timeline, type TimelineRow } from '../../parts/timeline.tsx';
import { messages } from './messages.ts';
import { runDomain } from './run-time.ts';

const labelWidth = 208;

/** The day's tasks on the axis of time, in the order in which they began or will. */
export function TimelineView({
  runs,
  cycle,
  selected,
  onOpen,
}: {
  readonly runs: DayRuns;
  readonly cycle: CycleStatus | undefined;
  readonly selected: string | undefined;
  readonly onOpen: (task: string) => void;
}): ReactNode {
  const say = useText(messages);
  const format = useFormat();
  const open = runs.tasks.some(
    ({ state }) => state === 'running' || state === 'waiting' || state === 'retrying',
  );
  const nowMs = useNow(open ? 1_000 : 60_000);
  const domain = runDomain(runs.tasks, nowMs);
  const aboutOf = useAbout();
  const rows = runs.tasks
    .toSorted((a, b) => placeOf(a) - placeOf(b))
    .map((run): TimelineRow => ({
      id: run.task,
      label: run.task,
      about: aboutOf(run),
      strong: run.critical,
      quiet: !run.critical,
      failed: run.state === 'failed' || run.state === 'retrying',
      startMs: instant(run.started_at),
      endMs: run.state === 'running' ? undefined : instant(run.finished_at),
      expectedStartMs: instant(run.expected_start_at),
      expectedEndMs: instant(run.expected_finish_at),
    }));
  const forecast = cycle?.business_day === runs.business_day ? cycle.forecast : null;
  const dueMs = cycle?.business_day === runs.business_day ? Date.parse(cycle.due_at) : undefined;
  const toMs = Math.max(domain.toMs, forecast === null ? 0 : Date.parse(forecast.late_at));
  return (
    <>
      <Timeline
        label={say('chart', { day: format.day(runs.business_day) })}
        rows={rows}
        labelWidth={labelWidth}
        fromMs={domain.fromMs}
        toMs={toMs}
        selected={selected}
        now={open ? { atMs: nowMs, label: say('now', { time: format.time(nowMs) }) } : undefined}
        due={
          dueMs === undefined
            ? undefined
            : { atMs: dueMs, label: say('promised', { time: format.time(dueMs) }) }
        }
        band={
          forecast === null || cycle?.lists_out_at !== null
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
        onOpen={onOpen}
      />
      {domain.outside === 0 ? null : <p className="small">{say('elsewhere', { count: domain.outside })}</p>}
    </>
  );
}

/** What is read aloud of a task, and shown on a phone. */
function useAbout(): (run: DayRun) => string {
  const say = useText(messages);
  const format = useFormat();
  return (run) => {
    const { state, started_at: start, finished_at: end, expected_start_at: comes } = run;
    if (state === 'done' && start !== null && end !== null) {
      const duration = format.duration((Date.parse(end) - Date.parse(start)) / 1000);
      return say('ran', { from: format.time(start), duration });
    }
    if (state === 'running' && start !== null) return say('runsSince', { from: format.time(start) });
    if (state === 'waiting' && comes !== null) return say('comes', { time: format.time(comes) });
    return say(state);
  };
}

function placeOf({ started_at: start, expected_start_at: comes }: DayRun): number {
  const at = start ?? comes;
  return at === null ? Number.MAX_SAFE_INTEGER : Date.parse(at);
}

function instant(text: string | null): number | undefined {
  return text === null ? undefined : Date.parse(text);
}
