import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { DayRun, DayRuns, TaskDetail } from '../../../api/index.ts';
import { useSession } from '../../data/session.tsx';
import { useNow } from '../../data/use-now.ts';
import { useFormat, useText } from '../../i18n/language.tsx';
import { IconButton } from '../../parts/button.tsx';
import { ErrorState } from '../../parts/error-state.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { Spark } from '../../parts/spark.tsx';
import { LogLines } from './log-lines.tsx';
import { Makes } from './makes.tsx';
import { DescribedText } from '../../i18n/text-in.tsx';
import { messages } from './messages.ts';
import { attemptsQuery, endRun, stopRun, taskQuery } from './queries.ts';
import { StopButton } from './requests.tsx';
import { RunButton, WhyNot } from './run-button.tsx';
import { secondsOf } from './run-time.ts';
import { Needs, TaskNames } from './task-name.tsx';
import { TaskState } from './task-state.tsx';

const logTail = 8;
const sparkDays = 28;

/** A task of the day: how it stands, what it needs, what it says, and running it. */
export function TaskPanel({
  runs,
  run,
  onClose,
}: {
  readonly runs: DayRuns;
  readonly run: DayRun;
  readonly onClose: () => void;
}): ReactNode {
  const say = useText(messages);
  const day = runs.business_day;
  const { data, error, refetch } = useQuery(taskQuery(run.task, day));
  return (
    <div className="run-panel">
      <div className="run-panel-head">
        <div className="head-text">
          <h2 className="mono">{run.task}</h2>
          <p className="small">{data === undefined ? ' ' : <DescribedText text={data.description} />}</p>
        </div>
        <span className="wide-only">
          <IconButton icon="close" label={say('close')} onClick={onClose} />
        </span>
      </div>
      <p className="run-stands">
        <TaskState state={run.state} /> <Stands run={run} runs={runs} />
      </p>
      {run.error === null ? null : <RunError error={run.error} />}
      {error !== null && data === undefined ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : data === undefined ? (
        <Skeleton rows={6} />
      ) : (
        <Facts task={data} run={run} day={day} />
      )}
      <PanelLog task={run.task} day={day} open={run.state === 'running'} />
      <Actions runs={runs} run={run} />
      <WhyNot takesRuns={runs.takes_runs} />
    </div>
  );
}

/** How it stands, in words. */
function Stands({ run, runs }: { readonly run: DayRun; readonly runs: DayRuns }): ReactNode {
  const say = useText(messages);
  const format = useFormat();
  const nowMs = useNow(run.state === 'running' ? 1_000 : 60_000);
  const seconds = secondsOf(run, nowMs);
  const parts: string[] = [];
  if (run.state === 'running' && seconds !== undefined)
    parts.push(say('since', { duration: format.duration(seconds) }));
  if (run.state === 'done' && run.finished_at !== null && seconds !== undefined)
    parts.push(
      say('tookTime', { time: format.timeExact(run.finished_at), duration: format.duration(seconds) }),
    );
  if ((run.state === 'failed' || run.state === 'retrying') && run.finished_at !== null)
    parts.push(say('failedAt', { time: format.time(run.finished_at) }));
  if (run.state === 'waiting' && run.expected_start_at !== null)
    parts.push(say('expected', { time: format.time(run.expected_start_at) }));
  if (run.state === 'blocked') {
    const by = culpritOf(run, runs.tasks);
    if (by !== undefined) parts.push(say('blockedBy', { task: by }));
  }
  if (run.usual_seconds !== null)
    parts.push(say('usually', { duration: format.duration(run.usual_seconds) }));
  if (run.progress !== null) {
    const { done, total, unit } = run.progress;
    parts.push(`${format.number(done)} / ${format.number(total)} ${unit}`);
  }
  return <span className="muted">{parts.join(' · ')}</span>;
}

/** The failed task that is in the way, however far before. */
function culpritOf(run: DayRun, tasks: readonly DayRun[]): string | undefined {
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const seen = new Set(run.needs);
  for (const id of seen) {
    const need = byId.get(id);
    if (need?.state === 'failed') return need.task;
    for (const further of need?.needs ?? []) seen.add(further);
  }
  return undefined;
}

/** What was wrong, and what to do. */
export function RunError({ error }: { readonly error: NonNullable<DayRun['error']> }): ReactNode {
  const say = useText(messages);
  return (
    <div className="run-error" lang="en">
      <p>{error.message}</p>
      {error.hint === null ? null : (
        <p className="muted">
          <span className="unseen">{say('hint')}: </span>
          {error.hint}
        </p>
      )}
      <p className="small">
        <code>{error.code}</code>
      </p>
    </div>
  );
}

function Facts({
  task,
  run,
  day,
}: {
  readonly task: TaskDetail;
  readonly run: DayRun;
  readonly day: string;
}): ReactNode {
  const say = useText(messages);
  const format = useFormat();
  const mine = task.history.find(({ id }) => id === run.id);
  const counts = Object.entries(mine?.counts ?? {});
  const durations = task.history
    .slice(0, sparkDays)
    .toReversed()
    .map(({ seconds, present }) => (present ? null : seconds));
  return (
    <dl className="run-facts">
      <div>
        <dt>{say('attempts')}</dt>
        <dd className="num">{format.number(run.attempts)}</dd>
      </div>
      {durations.filter((one) => one !== null).length < 2 ? null : (
        <div>
          <dt>{say('took')}</dt>
          <dd>
            <Spark values={durations} width={120} />
          </dd>
        </div>
      )}
      {counts.length === 0 ? null : (
        <div>
          <dt>{say('counts')}</dt>
          <dd className="num mono">
            {counts.map(([name, count]) => `${name} ${format.number(count)}`).join(', ')}
          </dd>
        </div>
      )}
      <div>
        <dt>{say('target')}</dt>
        <dd>
          <Makes names={task.makes} fallback={task.target?.description} />
        </dd>
      </div>
      <div>
        <dt>{say('needs')}</dt>
        <dd>
          <Needs needs={task.needs} day={day} inPlace />
        </dd>
      </div>
      <div>
        <dt>{say('neededBy')}</dt>
        <dd>
          <TaskNames tasks={task.needed_by} day={day} inPlace />
        </dd>
      </div>
    </dl>
  );
}

function PanelLog({
  task,
  day,
  open,
}: {
  readonly task: string;
  readonly day: string;
  readonly open: boolean;
}): ReactNode {
  const say = useText(messages);
  const { data } = useQuery(attemptsQuery(task, day, 1));
  const [newest] = data?.attempts ?? [];
  if (newest === undefined) return null;
  return <LogLines lines={newest.log} open={open} label={`${say('log')}: ${task}`} tail={logTail} />;
}

function Actions({ runs, run }: { readonly runs: DayRuns; readonly run: DayRun }): ReactNode {
  const say = useText(messages);
  const { may } = useSession();
  const day = runs.business_day;
  const asked = runs.requests.find(
    ({ state, goals }) => (state === 'running' || state === 'waiting') && goals.includes(run.id),
  );
  const other = runs.other_runs.find(({ running }) => running.includes(run.id));
  const label = run.state === 'failed' || run.state === 'retrying' ? 'retry' : 'run';
  return (
    <div className="row run-actions">
      {asked !== undefined ? (
        <StopButton stop={() => stopRun(asked.request)} />
      ) : other !== undefined && other.stop_asked_by === null && may('batch:run') ? (
        <StopButton stop={() => endRun(other.run)} />
      ) : !runs.takes_runs || run.state === 'running' ? null : run.state === 'done' ? (
        <RunButton wanted={{ task: run.task, day, force: true }} label={say('again')} />
      ) : (
        <RunButton
          wanted={{ task: run.task, day, force: false }}
          label={say(label)}
          primary={run.state === 'failed'}
        />
      )}
      <Link className="ctl" to="/runs/$task" params={{ task: run.task }} search={{ day }}>
        {say('fullHistory')}
      </Link>
    </div>
  );
}
