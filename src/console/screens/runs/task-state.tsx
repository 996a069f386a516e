import type { ReactNode } from 'react';
import type { DayRun, TaskAttempt, TaskDetail } from '../../../api/index.ts';
import { useText } from '../../i18n/language.tsx';
import { StatePill, type State } from '../../parts/state-pill.tsx';
import { messages } from './messages.ts';

type Stands = DayRun['state'] | TaskDetail['history'][number]['state'] | NonNullable<TaskAttempt['outcome']>;

const colours: Readonly<Partial<Record<Stands, State>>> = {
  done: 'ok',
  succeeded: 'ok',
  present: 'ok',
  retrying: 'watch',
  cancelled: 'watch',
  lost: 'watch',
  blocked: 'risk',
  failed: 'late',
};

/** How a task or an attempt stands, in a word on its colour. */
export function TaskState({ state }: { readonly state: Stands }): ReactNode {
  const say = useText(messages);
  const colour = colours[state];
  if (colour === undefined) return <span className={`run-state ${state}`}>{say(state)}</span>;
  return <StatePill state={colour}>{say(state)}</StatePill>;
}
