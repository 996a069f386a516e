import { useMemo, type ReactNode } from 'react';
import type { TaskDetail } from '../../../api/index.ts';
import { useFormat, useText } from '../../i18n/language.tsx';
import { Chart } from '../../parts/chart.tsx';
import type { ChartSpec } from '../../parts/chart-spec.ts';
import { DataTable, type Column } from '../../parts/data-table.tsx';
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
  const spec = useMemo((): ChartSpec => {
    const days = history.toReversed();
    return {
      kind: 'bar',
      labels: days.map((one) =>
        one.business_day === null ? format.moment(one.started_at) : format.dayShort(one.business_day),
      ),
      labelHead: say('day'),
      series: [{ name: say('took'), values: days.map(({ seconds, present }) => (present ? null : seconds)) }],
      write: (seconds) => format.number(seconds, seconds < 10 ? 2 : 0),
    };
  }, [history, format, say]);
  const columns = useColumns();
  return (
    <>
      {history.length < chartFrom ? null : <Chart title={say('durations')} spec={spec} height={160} />}
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
