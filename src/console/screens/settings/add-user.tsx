import { useId, useState, type FormEvent, type ReactNode } from 'react';
import type { MadePassword } from '../../../api/index.ts';
import { roleText } from '../../app/role-text.ts';
import { request } from '../../data/request.ts';
import { useText } from '../../i18n/language.tsx';
import { Button } from '../../parts/button.tsx';
import { Modal } from '../../parts/sheet.tsx';
import { messages } from './messages.ts';
import { roleNames } from './role-names.ts';
import { useReason } from './use-reason.ts';

/** A new person; the password is made on the server. */
export function AddUser({
  onClose,
  onAdded,
}: {
  readonly onClose: () => void;
  readonly onAdded: (made: MadePassword) => void;
}): ReactNode {
  const say = useText(messages);
  const sayRole = useText(roleText);
  const reason = useReason();
  const ids = useId();
  const [name, setName] = useState('');
  const [role, setRole] = useState<(typeof roleNames)[number]>('viewer');
  const [waiting, setWaiting] = useState(false);
  const [error, setError] = useState<unknown>();
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setWaiting(true);
    setError(undefined);
    try {
      onAdded(
        await request<MadePassword>('/v1/settings/users', {
          method: 'POST',
          body: { name: name.trim(), role },
        }),
      );
    } catch (failure) {
      setError(failure);
      setWaiting(false);
    }
  };
  return (
    <Modal open onClose={onClose} title={say('addUser')}>
      <form className="settings-form" onSubmit={(event) => void submit(event)}>
        <label htmlFor={`${ids}-name`}>{say('name')}</label>
        <input
          id={`${ids}-name`}
          className="ctl"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          required
          maxLength={64}
          aria-describedby={`${ids}-pattern`}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <p className="small" id={`${ids}-pattern`}>
          {say('namePattern')}
        </p>
        <fieldset className="settings-choices">
          <legend>{say('role')}</legend>
          {roleNames.map((value) => (
            <label key={value}>
              <input
                type="radio"
                name={`${ids}-role`}
                checked={role === value}
                onChange={() => setRole(value)}
              />
              <span>{sayRole(value)}</span> <span className="muted">{say(`${value}May`)}</span>
            </label>
          ))}
        </fieldset>
        <p role="alert" className="settings-wrong">
          {error === undefined ? '' : reason(error)}
        </p>
        <div className="row settings-ends">
          <Button primary type="submit" disabled={waiting}>
            {say('add')}
          </Button>
          <Button onClick={onClose}>{say('cancel')}</Button>
        </div>
      </form>
    </Modal>
  );
}
