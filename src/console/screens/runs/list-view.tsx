import { useMemo, type ReactNode } from 'react';
import type { DayRun, DayRuns } from '../../../api/index.ts';
import { now } from '../../data/clock.ts';
import { useFormat, useText } from '../../i18n/language.tsx';
import { DataTable, type Column } from '../../parts/data-table.tsx';
import { messages } from './messages.ts';
import { secondsOf } from './run-time.ts';
import { TaskState } from './task-state.tsx';

/** The day's tasks as a table. */
export function ListView({
  runs,
  selected,
  onOpen,
}: {
  readonly runs: DayRuns;
  readonly selected: string | undefined;
  readonly onOpen: (task: string) => void;
}): ReactNode {
  const say = useText(messages);
  const format = useFormat();
  const columns = useMemo(
    (): readonly Column<DayRun>[] => [
      {
        id: 'task',
        head: say('task'),
        value: ({ task }) => task,
        cell: ({ task, critical }) => <span className={critical ? 'title' : ''}>{task}</span>,
      },
      {
        id: 'state',
        head: say('state'),
        value: ({ state }) => say(state),
        cell: ({ state }) => <TaskState state={state} />,
        width: 92,
      },
      {
        id: 'started',
        head: say('started'),
        value: ({ started_at: at }) => at,
        cell: ({ started_at: at, expected_start_at: comes }) =>
          at === null ? (
            <span className="muted">{comes === null ? '–' : say('comes', { time: format.time(comes) })}</span>
          ) : (
            format.timeExact(at)
          ),
        numeric: true,
        width: 92,
        wideOnly: true,
      },
      {
        id: 'took',
        head: say('took'),
        value: (run) => secondsOf(run, now()) ?? null,
        cell: (run) => {
          const seconds = secondsOf(run, now());
          return seconds === undefined ? '–' : format.duration(seconds);
        },
        numeric: true,
        width: 96,
      },
      {
        id: 'usual',
        head: say('usual'),
        value: ({ usual_seconds: usual }) => usual,
        cell: ({ usual_seconds: usual }) => (
          <span className="muted">{usual === null ? '–' : format.duration(usual)}</span>
        ),
        numeric: true,
        width: 96,
        wideOnly: true,
      },
      {
        id: 'attempts',
        head: say('attempts'),
        value: ({ attempts }) => attempts,
        cell: ({ attempts }) => format.number(attempts),
        numeric: true,
        width: 64,
        wideOnly: true,
      },
    ],
    [say, format],
  );
  return (
    <DataTable
      caption={say('title', { day: format.day(runs.business_day) })}
      columns={columns}
      rows={runs.tasks}
      keyOf={({ task }) => task}
      selected={selected}
      onOpen={({ task }) => onOpen(task)}
      tools
    />
  );
}
