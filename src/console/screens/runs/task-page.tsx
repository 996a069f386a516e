import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { TaskAttempt, TaskDetail } from '../../../api/index.ts';
import { RequestError } from '../../data/request.ts';
import { useFormat, useText } from '../../i18n/language.tsx';
import { Empty } from '../../parts/empty.tsx';
import { ErrorState } from '../../parts/error-state.tsx';
import { PageHead, Section } from '../../parts/page.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { LogLines } from './log-lines.tsx';
import { Makes } from './makes.tsx';
import { DescribedText } from '../../i18n/text-in.tsx';
import { messages } from './messages.ts';
import { attemptsQuery, dayRunsQuery, taskQuery } from './queries.ts';
import { RunButton } from './run-button.tsx';
import { TaskHistory } from './task-history.tsx';
import { Needs, TaskNames } from './task-name.tsx';
import { RunError } from './task-panel.tsx';
import { TaskState } from './task-state.tsx';
import './runs.css';

const route = getRouteApi('/runs/$task');
const attemptsMax = 20;

/** A task: how it went day by day, its attempts with their logs, what it needs and makes. */
export function TaskPage(): ReactNode {
  const say = useText(messages);
  const { task } = route.useParams();
  const { day } = route.useSearch();
  const { data, error, refetch } = useQuery(taskQuery(task, day));
  if (data === undefined)
    return (
      <div className="page runs">
        <PageHead title={task} />
        {error === null ? (
          <Skeleton rows={10} />
        ) : error instanceof RequestError && error.code === 'task_unknown' ? (
          <Empty
            what={say('noTask')}
            action={
              <Link className="ctl" to="/runs">
                {say('runs')}
              </Link>
            }
          >
            {error.problem?.detail}
          </Empty>
        ) : (
          <ErrorState error={error} onRetry={() => void refetch()} />
        )}
      </div>
    );
  return <Loaded task={data} day={data.business_day ?? day} />;
}

function Loaded({ task, day }: { readonly task: TaskDetail; readonly day: string | undefined }): ReactNode {
  const say = useText(messages);
  const format = useFormat();
  const navigate = route.useNavigate();
  const { data: runs } = useQuery(dayRunsQuery(day));
  const run = runs?.tasks.find((one) => one.task === task.task);
  const done = task.target?.exists === true;
  return (
    <div className="page runs">
      <PageHead
        title={<span className="mono run-title">{task.task}</span>}
        documentTitle={task.task}
        about={<DescribedText text={task.description} />}
        tools={
          <>
            {runs?.takes_runs !== true || task.id === null || run?.state === 'running' ? null : (
              <RunButton
                wanted={{ task: task.task, day: task.business_day ?? undefined, force: done }}
                label={say(done ? 'again' : run?.state === 'failed' ? 'retry' : 'run')}
                primary={run?.state === 'failed'}
              />
            )}
            <Link
              className="ctl"
              to="/runs"
              search={{ ...(day === undefined ? {} : { day }), task: task.task }}
            >
              {day === undefined ? say('runs') : say('title', { day: format.dayShort(day) })}
            </Link>
          </>
        }
      />
      <div className="cols side">
        <div>
          {task.history.length === 0 ? (
            <Empty what={say('neverRan')}>{say('neverRanNext')}</Empty>
          ) : (
            <TaskHistory
              task={task}
              day={day}
              onOpen={(chosen) =>
                void navigate({ search: { day: chosen }, replace: true, resetScroll: false })
              }
            />
          )}
          <Attempts task={task.task} day={day} />
        </div>
        <About task={task} day={day} />
      </div>
    </div>
  );
}

function Attempts({ task, day }: { readonly task: string; readonly day: string | undefined }): ReactNode {
  const say = useText(messages);
  const format = useFormat();
  const { data, error, refetch } = useQuery(attemptsQuery(task, day, attemptsMax));
  return (
    <Section title={day === undefined ? say('attemptsAll') : say('attemptsOf', { day: format.day(day) })}>
      {error !== null && data === undefined ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : data === undefined ? (
        <Skeleton rows={4} />
      ) : data.attempts.length === 0 ? (
        <p className="muted">{say('neverRan')}</p>
      ) : (
        data.attempts.map((attempt) => <Attempt key={attempt.token} attempt={attempt} />)
      )}
    </Section>
  );
}

function Attempt({ attempt }: { readonly attempt: TaskAttempt }): ReactNode {
  const say = useText(messages);
  const format = useFormat();
  const { outcome, started_at: start, finished_at: end, error } = attempt;
  const seconds = end === null ? undefined : (Date.parse(end) - Date.parse(start)) / 1000;
  return (
    <article className="run-attempt">
      <h3>
        {say('attemptNo', { count: attempt.attempt })} <TaskState state={outcome ?? 'running'} />
        <span className="muted num">
          {format.moment(start)}
          {seconds === undefined ? '' : ` · ${format.duration(seconds)}`}
        </span>
        <span className="small run-worker">{say('inRun', { run: attempt.run, worker: attempt.worker })}</span>
      </h3>
      {error === null ? null : <RunError error={error} />}
      <LogLines
        lines={attempt.log}
        open={outcome === null}
        label={`${say('log')}: ${say('attemptNo', { count: attempt.attempt })}`}
      />
    </article>
  );
}

function About({ task, day }: { readonly task: TaskDetail; readonly day: string | undefined }): ReactNode {
  const say = useText(messages);
  const format = useFormat();
  const { target } = task;
  const resources = Object.entries(task.resources);
  return (
    <aside className="panel">
      <dl className="run-facts">
        <div>
          <dt>{say('target')}</dt>
          <dd>
            <Makes names={task.makes} fallback={target?.description} />
            {target === null ? null : (
              <span className="small">{say(target.exists ? 'targetThere' : 'targetMissing')}</span>
            )}
          </dd>
        </div>
        <div>
          <dt>{say('reads')}</dt>
          <dd>
            <Makes names={task.reads} />
          </dd>
        </div>
        <div>
          <dt>{say('needs')}</dt>
          <dd>
            <Needs needs={task.needs} day={day} inPlace={false} />
          </dd>
        </div>
        <div>
          <dt>{say('neededBy')}</dt>
          <dd>
            <TaskNames tasks={task.needed_by} day={day} inPlace={false} />
          </dd>
        </div>
        <div>
          <dt>{say('retries')}</dt>
          <dd className="num">{format.number(task.retries)}</dd>
        </div>
        <div>
          <dt>{say('timeout')}</dt>
          <dd className="num">{format.duration(task.timeout_seconds)}</dd>
        </div>
        {resources.length === 0 ? null : (
          <div>
            <dt>{say('resources')}</dt>
            <dd className="num mono">{resources.map(([name, count]) => `${name} ${count}`).join(', ')}</dd>
          </div>
        )}
        <div>
          <dt>{say('daily')}</dt>
          <dd className="num">{say(task.daily ? 'yes' : 'no')}</dd>
        </div>
      </dl>
    </aside>
  );
}
