import { useCallback, useMemo, type ReactNode } from 'react';
import type { TaskDetail } from '../../../api/index.ts';
import { useFormat, useText } from '../../i18n/language.tsx';
import { DataTable, type Column } from '../../parts/data-table.tsx';
import { DayBars } from '../../parts/day-bars.tsx';
import { messages } from './messages.ts';
import { TaskState } from './task-state.tsx';

type Day = TaskDetail['history'][number];
const chartFrom = 3;

/** How a task went day by day: durations drawn, then a row for each day. */
export function TaskHistory({
  task,
  day,
  onOpen,
}: {
  readonly task: TaskDetail;
  readonly day: string | undefined;
  readonly onOpen: (day: string) => void;
}): ReactNode {
  const say = useText(messages);
  const format = useFormat();
  const { history } = task;
  const bars = useMemo(
    () =>
      history.map(({ business_day, started_at: at, seconds, present }) => ({
        day: business_day,
        at,
        value: present ? null : seconds,
      })),
    [history],
  );
  const write = useCallback((seconds: number) => format.number(seconds, seconds < 10 ? 2 : 0), [format]);
  const columns = useColumns();
  return (
    <>
      {history.length < chartFrom ? null : (
        <DayBars title={say('durations')} name={say('took')} days={bars} height={160} write={write} />
      )}
      <section className="section">
        <div className="sub rule">
          <h2>{say('history')}</h2>
        </div>
        <DataTable
          caption={say('history')}
          columns={columns}
          rows={history}
          keyOf={({ id, business_day: of }) => of ?? id}
          selected={day}
          onOpen={({ business_day: chosen }) => (chosen === null ? undefined : onOpen(chosen))}
        />
      </section>
    </>
  );
}

function useColumns(): readonly Column<Day>[] {
  const say = useText(messages);
  const format = useFormat();
  return useMemo(
    () => [
      {
        id: 'day',
        head: say('day'),
        value: ({ business_day: day, started_at: at }) => day ?? at,
        cell: ({ business_day: day, started_at: at }) => (day === null ? format.moment(at) : format.day(day)),
      },
      {
        id: 'state',
        head: say('state'),
        value: ({ state, present }) => say(present ? 'present' : state),
        cell: ({ state, present }) => <TaskState state={present && state === 'done' ? 'present' : state} />,
      },
      {
        id: 'started',
        head: say('started'),
        value: ({ started_at: at }) => at,
        cell: ({ started_at: at }) => format.moment(at),
        numeric: true,
        wideOnly: true,
      },
      {
        id: 'took',
        head: say('took'),
        value: ({ seconds }) => seconds,
        cell: ({ seconds }) => (seconds === null ? '–' : format.duration(seconds)),
        numeric: true,
      },
      {
        id: 'attempts',
        head: say('attempts'),
        value: ({ attempts }) => attempts,
        cell: ({ attempts }) => format.number(attempts),
        numeric: true,
        wideOnly: true,
      },
      {
        id: 'counts',
        head: say('counts'),
        cell: ({ counts, error }) =>
          error === null ? (
            <span className="mono muted">
              {Object.entries(counts)
                .map(([name, count]) => `${name} ${format.number(count)}`)
                .join(', ')}
            </span>
          ) : (
            <code>{error.code}</code>
          ),
        wideOnly: true,
      },
    ],
    [say, format],
  );
}
