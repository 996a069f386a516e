import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { liveKeys } from '../../data/live.tsx';
import { useSession } from '../../data/session.tsx';
import { useFormat, useText } from '../../i18n/language.tsx';
import { Button } from '../../parts/button.tsx';
import { ErrorState } from '../../parts/error-state.tsx';
import { Modal } from '../../parts/sheet.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { messages } from './messages.ts';
import { Planned } from './planned.tsx';
import { planQuery, runDay, runTask } from './queries.ts';

/** What is to be run: a task of a day, or what a day lacks. */
export interface Wanted {
  /** Absent: the whole day. */
  readonly task?: string;
  readonly day: string | undefined;
  readonly force: boolean;
}

/** Why nothing can be run here: the role, or a server that runs nothing. */
export function WhyNot({ takesRuns }: { readonly takesRuns: boolean }): ReactNode {
  const say = useText(messages);
  const { may } = useSession();
  if (!may('batch:run')) return <p className="small run-why-not">{say('notAllowed')}</p>;
  return takesRuns ? null : <p className="small run-why-not">{say('notTaken')}</p>;
}

/** Asks before it runs; for whoever may. */
export function RunButton({
  wanted,
  label,
  primary = false,
}: {
  readonly wanted: Wanted;
  readonly label: string;
  readonly primary?: boolean;
}): ReactNode {
  const { may } = useSession();
  const [open, setOpen] = useState(false);
  if (!may('batch:run')) return null;
  return (
    <>
      <Button icon={wanted.force ? 'again' : 'play'} primary={primary} onClick={() => setOpen(true)}>
        {label}
      </Button>
      {open ? <Confirm wanted={wanted} onClose={() => setOpen(false)} /> : null}
    </>
  );
}

function Confirm({ wanted, onClose }: { readonly wanted: Wanted; readonly onClose: () => void }): ReactNode {
  const say = useText(messages);
  const format = useFormat();
  const queries = useQueryClient();
  const [sending, setSending] = useState(false);
  const [error, setError] = useState<unknown>();
  const { task, day, force } = wanted;
  const plan = useQuery({ ...planQuery(task ?? '', day, force), enabled: task !== undefined });
  const refused = error ?? (plan.data === undefined ? plan.error : undefined) ?? undefined;
  const run = async (): Promise<void> => {
    setSending(true);
    try {
      if (task !== undefined) await runTask(task, day, force);
      else if (day !== undefined) await runDay(day);
      await queries.invalidateQueries({ queryKey: liveKeys.runs });
      onClose();
    } catch (thrown) {
      setError(thrown);
    }
    setSending(false);
  };
  const title =
    task === undefined
      ? say('confirmDay', { day: format.day(day ?? '') })
      : say(force ? 'confirmAgain' : 'confirmRun', { task });
  return (
    <Modal open onClose={onClose} title={title}>
      <div className="run-confirm">
        {refused !== undefined ? (
          <ErrorState error={refused} />
        ) : task === undefined ? (
          <p>{say('confirmDayText')}</p>
        ) : plan.data === undefined ? (
          <>
            <p className="muted">{say('planning')}</p>
            <Skeleton rows={2} />
          </>
        ) : (
          <>
            <p>{force ? say('willRunAgain') : null}</p>
            <Planned plan={plan.data} />
          </>
        )}
        <div className="row run-actions">
          <Button
            primary
            icon="play"
            disabled={sending || refused !== undefined || (task !== undefined && plan.data === undefined)}
            onClick={() => void run()}
          >
            {say(force ? 'again' : 'run')}
          </Button>
          <Button onClick={onClose}>{say('cancel')}</Button>
        </div>
      </div>
    </Modal>
  );
}
