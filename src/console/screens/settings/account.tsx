import { useId, useState, type FormEvent, type ReactNode } from 'react';
import { Preferences } from '../../app/preferences.tsx';
import { roleText } from '../../app/role-text.ts';
import { request, RequestError } from '../../data/request.ts';
import { useSession } from '../../data/session.tsx';
import { useFormat, useText } from '../../i18n/language.tsx';
import { Button } from '../../parts/button.tsx';
import { Section } from '../../parts/page.tsx';
import { messages } from './messages.ts';
import { isKnownScope, scopeText } from './scope-text.ts';

/** Who reads, how he sees the console, and his password. */
export function Account(): ReactNode {
  const say = useText(messages);
  const sayRole = useText(roleText);
  const sayScope = useText(scopeText);
  const format = useFormat();
  const { state } = useSession();
  const person = state?.person;
  if (state === undefined || person === undefined || person === null) return null;
  return (
    <>
      <Section title={say('account')}>
        {person.guest ? (
          <p className="text">{say('guest')}</p>
        ) : (
          <p className="text">
            <b>{say('signedInAs', { name: person.name, role: sayRole(person.role) })}</b>{' '}
            {say(`${person.role}May`)}{' '}
            {state.expires_at === null ? null : say('until', { time: format.moment(state.expires_at) })}
          </p>
        )}
      </Section>
      <Section title={say('preferences')}>
        <Preferences />
      </Section>
      {person.guest ? null : (
        <Section title={say('ownPassword')}>
          <PasswordForm name={person.name} />
        </Section>
      )}
      <Section title={say('mayDo')}>
        <ul className="settings-scopes">
          {state.scopes.map((scope) => (
            <li key={scope}>
              {isKnownScope(scope) ? sayScope(scope) : null} <span className="mono">{scope}</span>
            </li>
          ))}
        </ul>
      </Section>
    </>
  );
}

function PasswordForm({ name }: { readonly name: string }): ReactNode {
  const say = useText(messages);
  const ids = useId();
  const [now, setNow] = useState('');
  const [next, setNext] = useState('');
  const [state, setState] = useState<'ready' | 'waiting' | 'changed'>('ready');
  const [error, setError] = useState<unknown>();
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setState('waiting');
    setError(undefined);
    try {
      await request('/v1/session/password', { method: 'PUT', body: { password: now, new_password: next } });
      setNow('');
      setNext('');
      setState('changed');
    } catch (failure) {
      setError(failure);
      setState('ready');
    }
  };
  const told =
    error === undefined
      ? state === 'changed'
        ? say('changed')
        : ''
      : error instanceof RequestError && error.code === 'sign_in_failed'
        ? say('passwordWrong')
        : error instanceof RequestError && error.code === 'password_weak'
          ? say('passwordWeak')
          : say('failed', { detail: (error as Error).message });
  return (
    <form className="settings-form" onSubmit={(event) => void submit(event)}>
      <input
        className="unseen"
        autoComplete="username"
        value={name}
        readOnly
        tabIndex={-1}
        aria-hidden="true"
      />
      <label htmlFor={`${ids}-now`}>{say('passwordNow')}</label>
      <input
        id={`${ids}-now`}
        className="ctl"
        type="password"
        autoComplete="current-password"
        required
        value={now}
        onChange={(event) => setNow(event.target.value)}
      />
      <label htmlFor={`${ids}-next`}>{say('passwordNew')}</label>
      <input
        id={`${ids}-next`}
        className="ctl"
        type="password"
        autoComplete="new-password"
        required
        aria-describedby={`${ids}-rule`}
        value={next}
        onChange={(event) => setNext(event.target.value)}
      />
      <p className="small" id={`${ids}-rule`}>
        {say('passwordRule')}
      </p>
      <p role="status" className={error === undefined ? 'small' : 'settings-wrong'}>
        {told}
      </p>
      <Button primary type="submit" disabled={state === 'waiting'}>
        {say('change')}
      </Button>
    </form>
  );
}
