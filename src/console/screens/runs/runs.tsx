import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useCallback, type ReactNode } from 'react';
import type { DayRun, DayRuns } from '../../../api/index.ts';
import { cycleQuery } from '../../data/status.ts';
import { useFormat, useText } from '../../i18n/language.tsx';
import { Empty } from '../../parts/empty.tsx';
import { ErrorState } from '../../parts/error-state.tsx';
import { PageHead } from '../../parts/page.tsx';
import { Segment } from '../../parts/segment.tsx';
import { Sheet } from '../../parts/sheet.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { useEscape } from '../../parts/use-escape.ts';
import { useMedia } from '../../parts/use-media.ts';
import { BackfillButton } from './backfill-dialog.tsx';
import { DayChooser } from './day-chooser.tsx';
import { GraphView } from './graph-view.tsx';
import { ListView } from './list-view.tsx';
import { messages } from './messages.ts';
import { dayRunsQuery } from './queries.ts';
import { OtherRuns, Requests } from './requests.tsx';
import type { RunsSearch, RunsView } from './route.ts';
import { RunButton } from './run-button.tsx';
import { TaskPanel } from './task-panel.tsx';
import { TimelineView } from './timeline-view.tsx';
import './runs.css';

const route = getRouteApi('/runs');
const views: readonly RunsView[] = ['timeline', 'graph', 'list'];

/** The work of a day: on the axis of time, as a graph, as a table; and each task from within. */
export function Runs(): ReactNode {
  const say = useText(messages);
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { data: runs, error, refetch } = useQuery(dayRunsQuery(search.day));
  const wide = useMedia('(min-width: 1024px)');
  const view = search.view ?? 'timeline';
  const change = useCallback(
    (next: (now: RunsSearch) => RunsSearch): void =>
      void navigate({ search: next, replace: true, resetScroll: false }),
    [navigate],
  );
  const close = useCallback(() => change(({ task: _closed, ...rest }) => rest), [change]);
  const open = (task: string): void => change((now) => ({ ...now, task }));
  useEscape(search.task !== undefined && wide, close, '.runs [aria-current], .runs [aria-selected]');
  const run = runs?.tasks.find(({ task }) => task === search.task);
  const panel =
    runs === undefined || run === undefined ? null : <TaskPanel runs={runs} run={run} onClose={close} />;
  return (
    <div className="page runs">
      <Head
        runs={runs}
        tools={
          <>
            <Segment
              label={say('view')}
              value={view}
              options={views.map((value) => ({ value, label: say(value) }))}
              onChange={(chosen) =>
                change(({ view: _before, ...rest }) =>
                  chosen === 'timeline' ? rest : { ...rest, view: chosen },
                )
              }
            />
            <DayChooser
              day={runs?.business_day ?? search.day}
              onChange={(day) =>
                change(({ day: _before, ...rest }) => (day === undefined ? rest : { ...rest, day }))
              }
            />
            {runs?.takes_runs === true ? <BackfillButton day={runs.business_day} /> : null}
            {runs === undefined || !runs.takes_runs || !isOpen(runs) ? null : (
              <RunButton wanted={{ day: runs.business_day, force: false }} label={say('runMissing')} />
            )}
          </>
        }
      />
      {error !== null && runs === undefined ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : runs === undefined ? (
        <Skeleton rows={12} height={24} />
      ) : runs.tasks.length === 0 ? (
        <Empty what={say('none')}>{say('noneNext')}</Empty>
      ) : (
        <>
          <OtherRuns runs={runs.other_runs} />
          <Requests requests={runs.requests} />
          <div className={panel !== null && wide ? 'cols side' : ''}>
            <View view={view} runs={runs} selected={search.task} onOpen={open} />
            {wide ? (
              panel === null ? null : (
                <aside className="panel no-print" aria-label={run?.task}>
                  {panel}
                </aside>
              )
            ) : (
              <Sheet open={panel !== null} onClose={close} title={say('task')} closeLabel={say('close')}>
                {panel}
              </Sheet>
            )}
          </div>
        </>
      )}
    </div>
  );
}

function View({
  view,
  ...rest
}: {
  readonly view: RunsView;
  readonly runs: DayRuns;
  readonly selected: string | undefined;
  readonly onOpen: (task: string) => void;
}): ReactNode {
  const { data: cycle } = useQuery(cycleQuery);
  return (
    <div className="run-view">
      {view === 'graph' ? (
        <GraphView {...rest} />
      ) : view === 'list' ? (
        <ListView {...rest} />
      ) : (
        <TimelineView {...rest} cycle={cycle} />
      )}
    </div>
  );
}

/** The sentence that matters, and how far the day is. */
function Head({ runs, tools }: { readonly runs: DayRuns | undefined; readonly tools: ReactNode }): ReactNode {
  const say = useText(messages);
  const format = useFormat();
  if (runs === undefined) return <PageHead title={say('runs')} tools={tools} />;
  const day = format.dayShort(runs.business_day);
  const count = (state: DayRun['state']): number => runs.tasks.filter((task) => task.state === state).length;
  const [failed, running, done] = [count('failed'), count('running') + count('retrying'), count('done')];
  const title =
    failed > 0
      ? say('someFailed', { day, count: failed })
      : running > 0
        ? say('atWork', { day })
        : done === runs.tasks.length && done > 0
          ? say('allDone', { day })
          : say('title', { day });
  return (
    <PageHead
      title={title}
      documentTitle={say('runs')}
      about={
        runs.tasks.length === 0
          ? undefined
          : say('about', {
              tasks: runs.tasks.length,
              done,
              running: running === 0 ? '' : say('aboutRunning', { count: running }),
            })
      }
      tools={tools}
    />
  );
}

/** Whether there is something to run that does not run yet. */
function isOpen({ tasks, requests }: DayRuns): boolean {
  const asked = requests.some(
    ({ state, goals }) => (state === 'running' || state === 'waiting') && goals.length > 1,
  );
  return (
    !asked && tasks.some(({ state }) => state === 'failed' || state === 'blocked' || state === 'waiting')
  );
}
