import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { liveKeys } from '../../data/live.tsx';
import { useSession } from '../../data/session.tsx';
import { addDays } from '../../i18n/format.ts';
import { useText } from '../../i18n/language.tsx';
import { Button } from '../../parts/button.tsx';
import { ErrorState } from '../../parts/error-state.tsx';
import { Modal } from '../../parts/sheet.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { messages } from './messages.ts';
import { Planned } from './planned.tsx';
import { askBackfill, backfillPlanQuery, tasksQuery } from './queries.ts';

const daysFirst = 7;

/** Opens the dialog; for whoever may run. */
export function BackfillButton({ day }: { readonly day: string }): ReactNode {
  const say = useText(messages);
  const { may } = useSession();
  const [open, setOpen] = useState(false);
  if (!may('batch:run')) return null;
  return (
    <>
      <Button icon="again" onClick={() => setOpen(true)}>
        {say('backfill')}
      </Button>
      {open ? <BackfillDialog day={day} onClose={() => setOpen(false)} /> : null}
    </>
  );
}

/** A task or list for a range of days: what would run is shown before it is asked for. */
function BackfillDialog({ day, onClose }: { readonly day: string; readonly onClose: () => void }): ReactNode {
  const say = useText(messages);
  const queries = useQueryClient();
  const { data: index, error: indexError } = useQuery(tasksQuery);
  const daily = (index?.tasks ?? []).filter((one) => one.daily);
  const lists = daily.filter(({ stage }) => stage === 'bestseller');
  const others = daily.filter(({ stage }) => stage !== 'bestseller');
  const [chosen, setTask] = useState<string>();
  const [from, setFrom] = useState(addDays(day, 1 - daysFirst));
  const [to, setTo] = useState(day);
  const [force, setForce] = useState(false);
  const [sending, setSending] = useState(false);
  const [error, setError] = useState<unknown>();
  const task = chosen ?? (lists[0] ?? daily[0])?.task ?? '';
  const wanted = { task, from, to, force };
  const plan = useQuery({
    ...backfillPlanQuery(wanted),
    enabled: task !== '' && from !== '' && to !== '',
  });
  const refused = error ?? indexError ?? plan.error ?? undefined;
  const ask = async (): Promise<void> => {
    setSending(true);
    try {
      await askBackfill(wanted);
      await queries.invalidateQueries({ queryKey: liveKeys.runs });
      onClose();
    } catch (thrown) {
      setError(thrown);
    }
    setSending(false);
  };
  const change = (act: () => void): void => {
    setError(undefined);
    act();
  };
  return (
    <Modal open onClose={onClose} title={say('backfill')}>
      <form
        className="run-confirm run-backfill"
        onSubmit={(event) => {
          event.preventDefault();
          void ask();
        }}
      >
        <p className="small">{say('backfillAbout')}</p>
        <label>
          <span>{say('task')}</span>
          <select className="ctl" value={task} onChange={({ target }) => change(() => setTask(target.value))}>
            {[
              ['backfillLists', lists],
              ['backfillOthers', others],
            ].map(([name, tasks]) => (
              <optgroup key={name as string} label={say(name as 'backfillLists')}>
                {(tasks as typeof daily).map((one) => (
                  <option key={one.task}>{one.task}</option>
                ))}
              </optgroup>
            ))}
          </select>
        </label>
        <div className="row">
          <label>
            <span>{say('from')}</span>
            <input
              className="ctl"
              type="date"
              required
              value={from}
              max={to}
              onChange={({ target }) => change(() => setFrom(target.value))}
            />
          </label>
          <label>
            <span>{say('through')}</span>
            <input
              className="ctl"
              type="date"
              required
              value={to}
              min={from}
              onChange={({ target }) => change(() => setTo(target.value))}
            />
          </label>
        </div>
        <label className="run-force">
          <input
            type="checkbox"
            checked={force}
            onChange={({ target }) => change(() => setForce(target.checked))}
          />
          <span>{say('force')}</span>
        </label>
        {refused !== undefined ? (
          <ErrorState error={refused} />
        ) : plan.data === undefined ? (
          <>
            <p className="muted">{say('planning')}</p>
            <Skeleton rows={2} />
          </>
        ) : (
          <Planned plan={plan.data} />
        )}
        <div className="row run-actions">
          <Button
            primary
            icon="play"
            type="submit"
            disabled={sending || refused !== undefined || plan.data === undefined || plan.data.count === 0}
          >
            {say('run')}
          </Button>
          <Button onClick={onClose}>{say('cancel')}</Button>
        </div>
      </form>
    </Modal>
  );
}
