import { useId, useState, type FormEvent, type ReactNode } from 'react';
import type { MadeKey } from '../../../api/index.ts';
import { request } from '../../data/request.ts';
import { useSession } from '../../data/session.tsx';
import { useText } from '../../i18n/language.tsx';
import { Button } from '../../parts/button.tsx';
import { Modal } from '../../parts/sheet.tsx';
import { messages } from './messages.ts';
import { isKnownScope, scopeText } from './scope-text.ts';
import { useReason } from './use-reason.ts';

/** A new key: for whom, and what it may do. Whoever makes it has every scope himself. */
export function AddKey({
  onClose,
  onMade,
}: {
  readonly onClose: () => void;
  readonly onMade: (made: MadeKey) => void;
}): ReactNode {
  const say = useText(messages);
  const sayScope = useText(scopeText);
  const reason = useReason();
  const ids = useId();
  const { state } = useSession();
  const [name, setName] = useState('');
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [waiting, setWaiting] = useState(false);
  const [error, setError] = useState<unknown>();
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setWaiting(true);
    setError(undefined);
    try {
      onMade(
        await request<MadeKey>('/v1/settings/keys', {
          method: 'POST',
          body: { name: name.trim(), scopes: [...chosen] },
        }),
      );
    } catch (failure) {
      setError(failure);
      setWaiting(false);
    }
  };
  const choose = (scope: string, on: boolean): void => {
    const next = new Set(chosen);
    if (on) next.add(scope);
    else next.delete(scope);
    setChosen(next);
  };
  return (
    <Modal open onClose={onClose} title={say('addKey')}>
      <form className="settings-form" onSubmit={(event) => void submit(event)}>
        <label htmlFor={`${ids}-name`}>{say('keyName')}</label>
        <input
          id={`${ids}-name`}
          className="ctl"
          autoComplete="off"
          required
          maxLength={64}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <fieldset className="settings-choices">
          <legend>{say('scopes')}</legend>
          {state?.scopes.map((scope) => (
            <label key={scope}>
              <input
                type="checkbox"
                checked={chosen.has(scope)}
                onChange={(event) => choose(scope, event.target.checked)}
              />
              <span>
                {isKnownScope(scope) ? sayScope(scope) : null} <span className="mono">{scope}</span>
              </span>
            </label>
          ))}
        </fieldset>
        <p role="alert" className="settings-wrong">
          {error === undefined ? '' : reason(error)}
        </p>
        <div className="row settings-ends">
          <Button primary type="submit" disabled={waiting || chosen.size === 0}>
            {say('make')}
          </Button>
          <Button onClick={onClose}>{say('cancel')}</Button>
        </div>
      </form>
    </Modal>
  );
}
