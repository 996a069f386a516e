import { useMemo, type ReactNode } from 'react';
import type { DayRun, DayRuns } from '../../../api/index.ts';
import { useFormat, useText } from '../../i18n/language.tsx';
import { Graph, type GraphItem, type NodeLook } from '../../parts/graph.tsx';
import { messages } from './messages.ts';

const looks: Readonly<Record<DayRun['state'], NodeLook>> = {
  done: 'plain',
  running: 'running',
  waiting: 'coming',
  retrying: 'risk',
  blocked: 'risk',
  failed: 'failed',
};

/** What needs what, of a day's tasks. */
export function GraphView({
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
  const { tasks } = runs;
  const items = useMemo(
    () =>
      tasks.map(({ id, task, needs, state, critical }): GraphItem => ({
        id,
        needs,
        label: task,
        about: say(state),
        look: looks[state],
        strong: critical,
      })),
    [tasks, say],
  );
  const nameOf = (id: string): string => tasks.find((one) => one.id === id)?.task ?? id;
  return (
    <>
      <Graph
        label={say('graphOf', { day: format.day(runs.business_day) })}
        items={items}
        selected={tasks.find(({ task }) => task === selected)?.id}
        onOpen={(id) => onOpen(nameOf(id))}
      />
      <p className="small run-foot">{say('graphHint')}</p>
    </>
  );
}
