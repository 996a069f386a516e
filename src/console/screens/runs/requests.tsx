import { useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import type { DayRuns, RequestedRun } from '../../../api/index.ts';
import { now } from '../../data/clock.ts';
import { liveKeys } from '../../data/live.tsx';
import { useSession } from '../../data/session.tsx';
import { useFormat, useText } from '../../i18n/language.tsx';
import { Banner } from '../../parts/banner.tsx';
import { Button } from '../../parts/button.tsx';
import { messages } from './messages.ts';
import { endRun, stopRun } from './queries.ts';

/** A failure stays in sight for so long. */
const toldMs = 15 * 60_000;

/** What was asked for and is not over, and what failed just now. */
export function Requests({ requests }: { readonly requests: DayRuns['requests'] }): ReactNode {
  const told = requests.filter(
    ({ state, finished_at: end }) =>
      state === 'waiting' ||
      state === 'running' ||
      (state === 'failed' && end !== null && now() - Date.parse(end) < toldMs),
  );
  return told.map((request) => <Request key={request.request} request={request} />);
}

function Request({ request }: { readonly request: RequestedRun }): ReactNode {
  const say = useText(messages);
  const format = useFormat();
  const { may } = useSession();
  const { state, goals, tasks, done } = request;
  const [goal = ''] = goals;
  const [error] = request.errors;
  return (
    <Banner
      state={state === 'failed' ? 'late' : 'ok'}
      what={say('asked', {
        who: request.asked_by ?? '–',
        time: format.time(request.asked_at),
        goal: goals.length === 1 ? goal : say('goals', { count: goals.length }),
      })}
      next={
        state === 'failed'
          ? say('askedFailed', { error: error === undefined ? '' : `${error.id}: ${error.code}` })
          : state === 'waiting'
            ? say('askedWaiting')
            : say('askedRunning', { tasks, done })
      }
    >
      {state !== 'failed' && may('batch:run') ? <StopButton stop={() => stopRun(request.request)} /> : null}
    </Banner>
  );
}

/** Runs at work that nobody asked for here: of the schedule, or of a command. */
export function OtherRuns({ runs }: { readonly runs: DayRuns['other_runs'] }): ReactNode {
  const say = useText(messages);
  const format = useFormat();
  const { may } = useSession();
  return runs.map((run) => (
    <Banner
      key={run.run}
      state="ok"
      what={say(run.asked_by === null || run.asked_by === '' ? 'otherRun' : 'otherRunOf', {
        run: String(run.run),
        who: run.asked_by ?? '',
        time: format.time(run.started_at),
        worker: run.worker,
      })}
      next={
        run.stop_asked_by === null
          ? say('otherRunning', { count: run.running.length })
          : say('stopping', { who: run.stop_asked_by })
      }
    >
      {run.stop_asked_by === null && may('batch:run') ? <StopButton stop={() => endRun(run.run)} /> : null}
    </Banner>
  ));
}

/** Ends a run; what it has made stays. */
export function StopButton({ stop }: { readonly stop: () => Promise<unknown> }): ReactNode {
  const say = useText(messages);
  const queries = useQueryClient();
  const [sent, setSent] = useState(false);
  const send = async (): Promise<void> => {
    setSent(true);
    // It may have ended by itself meanwhile; what stands then is shown.
    await stop().catch(() => setSent(false));
    await queries.invalidateQueries({ queryKey: liveKeys.runs });
  };
  return (
    <Button icon="stop" disabled={sent} onClick={() => void send()}>
      {say('stop')}
    </Button>
  );
}
