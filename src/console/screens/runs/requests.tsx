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
import { stopRun } from './queries.ts';

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
      {state !== 'failed' && may('batch:run') ? <StopButton request={request.request} /> : null}
    </Banner>
  );
}

/** Ends a run that was asked for. */
export function StopButton({ request }: { readonly request: number }): ReactNode {
  const say = useText(messages);
  const queries = useQueryClient();
  const [sent, setSent] = useState(false);
  const stop = async (): Promise<void> => {
    setSent(true);
    // It may have ended by itself meanwhile; what stands then is shown.
    await stopRun(request).catch(() => setSent(false));
    await queries.invalidateQueries({ queryKey: liveKeys.runs });
  };
  return (
    <Button icon="stop" disabled={sent} onClick={() => void stop()}>
      {say('stop')}
    </Button>
  );
}
