import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { DayRun } from '../../../api/index.ts';
import { useFormat, useText } from '../../i18n/language.tsx';
import { messages } from './messages.ts';

/** Tasks by name; each leads to where it is shown. */
export function TaskNames({
  tasks,
  day,
  inPlace,
}: {
  readonly tasks: readonly string[];
  readonly day: string | undefined;
  /** Opens them in the panel of the runs instead of on their own page. */
  readonly inPlace: boolean;
}): ReactNode {
  const say = useText(messages);
  if (tasks.length === 0) return <span className="muted">{say('nothingNeeded')}</span>;
  return (
    <ul className="run-names">
      {tasks.map((task) => (
        <li key={task}>
          <TaskName task={task} day={day} inPlace={inPlace} />
        </li>
      ))}
    </ul>
  );
}

export function TaskName({
  task,
  day,
  inPlace,
}: {
  readonly task: string;
  readonly day: string | undefined;
  readonly inPlace: boolean;
}): ReactNode {
  const dated = day === undefined ? {} : { day };
  return inPlace ? (
    <Link className="link mono" to="/runs" search={(now) => ({ ...now, ...dated, task })} resetScroll={false}>
      {task}
    </Link>
  ) : (
    <Link className="link mono" to="/runs/$task" params={{ task }} search={dated}>
      {task}
    </Link>
  );
}

/** What a task needs, with the days where they are others than its own. */
export function Needs({
  needs,
  day,
  inPlace,
}: {
  readonly needs: DayRun['other_needs'];
  readonly day: string | undefined;
  readonly inPlace: boolean;
}): ReactNode {
  const say = useText(messages);
  const format = useFormat();
  if (needs.length === 0) return <span className="muted">{say('nothingNeeded')}</span>;
  return (
    <ul className="run-names">
      {needs.map(({ task, from, to, count }) => (
        <li key={task}>
          <TaskName task={task} day={to ?? day} inPlace={inPlace && to === day} />
          {from === null || to === null || (from === day && to === day) ? null : (
            <span className="small">
              {' '}
              {from === to
                ? format.dayShort(to)
                : say('ofDays', { from: format.dayShort(from), to: format.dayShort(to), count })}
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}
