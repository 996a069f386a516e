import { useId, useState, type ReactNode } from 'react';
import type { MadeKey } from '../../../api/index.ts';
import { request } from '../../data/request.ts';
import { useSession } from '../../data/session.tsx';
import { useText } from '../../i18n/language.tsx';
import { MakeForm } from './make-form.tsx';
import { messages } from './messages.ts';
import { isKnownScope, scopeText } from './scope-text.ts';

const uses = ['server', 'browser'] as const;
const perSecondMax = 1_000_000;

/** A new key: of a server with its scopes, or of pages, which may only send events; whoever makes it has every scope himself. */
export function AddKey({
  onClose,
  onMade,
}: {
  readonly onClose: () => void;
  readonly onMade: (made: MadeKey) => void;
}): ReactNode {
  const say = useText(messages);
  const sayScope = useText(scopeText);
  const ids = useId();
  const { state } = useSession();
  const [name, setName] = useState('');
  const [use, setUse] = useState<(typeof uses)[number]>('server');
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [origins, setOrigins] = useState('');
  const [perSecond, setPerSecond] = useState('');
  const pages = origins.split(/[\s,]+/).filter((origin) => origin !== '');
  const browser = use === 'browser';
  const send = async (): Promise<void> =>
    onMade(
      await request<MadeKey>('/v1/settings/keys', {
        method: 'POST',
        body: {
          name: name.trim(),
          ...(browser ? { origins: pages } : { scopes: [...chosen] }),
          ...(perSecond === '' ? {} : { events_per_second_max: Number(perSecond) }),
        },
      }),
    );
  const choose = (scope: string, on: boolean): void => {
    const next = new Set(chosen);
    if (on) next.add(scope);
    else next.delete(scope);
    setChosen(next);
  };
  return (
    <MakeForm
      title={say('addKey')}
      action={say('make')}
      ready={browser ? pages.length > 0 : chosen.size > 0}
      send={send}
      onClose={onClose}
    >
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
        <legend>{say('keyUse')}</legend>
        {uses.map((value) => (
          <label key={value}>
            <input type="radio" name={`${ids}-use`} checked={use === value} onChange={() => setUse(value)} />
            <span>{say(`${value}Key`)}</span> <span className="muted">{say(`${value}KeyMay`)}</span>
          </label>
        ))}
      </fieldset>
      {browser ? (
        <>
          <label htmlFor={`${ids}-origins`}>{say('origins')}</label>
          <textarea
            id={`${ids}-origins`}
            className="ctl mono settings-origins"
            rows={3}
            required
            spellCheck={false}
            aria-describedby={`${ids}-origins-rule`}
            placeholder="https://store.example"
            value={origins}
            onChange={(event) => setOrigins(event.target.value)}
          />
          <p className="small" id={`${ids}-origins-rule`}>
            {say('originsRule')}
          </p>
        </>
      ) : (
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
      )}
      {browser || chosen.has('events:write') ? (
        <>
          <label htmlFor={`${ids}-rate`}>{say('perSecond')}</label>
          <input
            id={`${ids}-rate`}
            className="ctl"
            type="number"
            min={1}
            max={perSecondMax}
            step={1}
            aria-describedby={`${ids}-rate-rule`}
            value={perSecond}
            onChange={(event) => setPerSecond(event.target.value)}
          />
          <p className="small" id={`${ids}-rate-rule`}>
            {say('perSecondRule')}
          </p>
        </>
      ) : null}
    </MakeForm>
  );
}
