import { useId, useState, type ReactNode } from 'react';
import type { MadePassword } from '../../../api/index.ts';
import { roleText } from '../../app/role-text.ts';
import { request } from '../../data/request.ts';
import { useText } from '../../i18n/language.tsx';
import { MakeForm } from './make-form.tsx';
import { messages } from './messages.ts';
import { roleNames } from './role-names.ts';

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
  const ids = useId();
  const [name, setName] = useState('');
  const [role, setRole] = useState<(typeof roleNames)[number]>('viewer');
  const send = async (): Promise<void> =>
    onAdded(
      await request<MadePassword>('/v1/settings/users', {
        method: 'POST',
        body: { name: name.trim(), role },
      }),
    );
  return (
    <MakeForm title={say('addUser')} action={say('add')} send={send} onClose={onClose}>
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
    </MakeForm>
  );
}
