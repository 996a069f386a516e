import { useState, type FormEvent, type ReactNode } from 'react';
import type { Replayed } from '../../../api/index.ts';
import { keepDraft, keptDraft } from '../../data/draft.ts';
import { useText } from '../../i18n/language.tsx';
import { Button, IconButton } from '../../parts/button.tsx';
import { ErrorState } from '../../parts/error-state.tsx';
import { Section } from '../../parts/page.tsx';
import { Select } from '../../parts/select.tsx';
import { changesFrom, changeWays, toChanges, type TypedChange } from './changes.ts';
import { messages } from './messages.ts';
import type { Reason } from './queries.ts';
import { ReplayAnswer } from './replay-answer.tsx';
import { useReplay } from './use-replay.ts';

const linesMax = 20;

/** The same changes in every open event of a reason: first what would become of them, then they are stored. */
export function MendAll({
  reason,
  person,
  onAnswer,
}: {
  readonly reason: Reason;
  readonly person: string;
  readonly onAnswer: (answer: Replayed) => void;
}): ReactNode {
  const say = useText(messages);
  const draft = `mend.${person}.${reason.code}.${reason.path}.${reason.rule}`;
  const [lines, setLines] = useState<readonly TypedChange[]>(
    () => changesFrom(keptDraft(draft)) ?? [{ path: reason.path, way: 'value', text: '' }],
  );
  const check = useReplay(true);
  const store = useReplay(false, onAnswer);
  const wish = { ...reason, changes: toChanges(lines) };
  const write = (next: readonly TypedChange[]): void => {
    setLines(next);
    keepDraft(draft, JSON.stringify(next));
    // What was found holds for what was typed then.
    check.clear();
    store.clear();
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    store.clear();
    void check.send(wish);
  };
  const send = async (): Promise<void> => {
    await store.send(wish);
    check.clear();
  };
  const ready = check.answer?.accepted ?? 0;
  const error = store.error ?? check.error;
  const answer = store.answer ?? check.answer;
  return (
    <Section title={say('mendAll')}>
      <p className="text events-about">{say('mendAllAbout')}</p>
      <form className="events-changes" onSubmit={submit}>
        <ol>
          {lines.map((line, index) => (
            // Lines have no name but their place.
            <li key={index} className="row">
              <ChangeFields
                line={line}
                number={index + 1}
                onChange={(changed) => write(lines.with(index, changed))}
              />
              <IconButton
                icon="close"
                label={say('removeChange', { number: String(index + 1) })}
                onClick={() => write(lines.toSpliced(index, 1))}
              />
            </li>
          ))}
        </ol>
        <div className="row">
          <Button
            disabled={lines.length >= linesMax}
            onClick={() => write([...lines, { path: '', way: 'value', text: '' }])}
          >
            {say('addChange')}
          </Button>
          <Button type="submit" primary={ready === 0} icon="check" disabled={check.sending || store.sending}>
            {say('check')}
          </Button>
          {ready > 0 ? (
            <Button primary icon="again" disabled={store.sending} onClick={() => void send()}>
              {say('storeMany', { count: ready })}
            </Button>
          ) : null}
        </div>
      </form>
      <div aria-live="polite" className="events-outcome">
        {error !== undefined ? <ErrorState error={error} /> : null}
        {answer === undefined ? null : <ReplayAnswer answer={answer} />}
      </div>
    </Section>
  );
}

function ChangeFields({
  line,
  number,
  onChange,
}: {
  readonly line: TypedChange;
  readonly number: number;
  readonly onChange: (line: TypedChange) => void;
}): ReactNode {
  const say = useText(messages);
  const told = String(number);
  return (
    <>
      <Select
        label={say('wayOf', { number: told })}
        labelHidden
        value={line.way}
        options={changeWays.map((value) => ({ value, label: say(value) }))}
        onChange={(way) => onChange({ ...line, way: changeWays.find((known) => known === way) ?? line.way })}
      />
      <input
        className="ctl mono events-pointer"
        aria-label={say('pointerOf', { number: told })}
        placeholder="/properties/name"
        title={say('pointer')}
        required
        pattern={pointer}
        spellCheck={false}
        autoCapitalize="none"
        maxLength={500}
        value={line.path}
        onChange={(event) => onChange({ ...line, path: event.target.value })}
      />
      {line.way === 'remove' ? null : (
        <input
          className="ctl mono events-value"
          aria-label={say(line.way === 'from' ? 'fromIn' : 'valueIn', { number: told })}
          placeholder={line.way === 'from' ? '/properties/old_name' : '9900'}
          {...(line.way === 'from' ? { required: true, pattern: `received_at|${pointer}` } : {})}
          title={say(line.way === 'from' ? 'fromRule' : 'valueRule')}
          spellCheck={false}
          autoCapitalize="none"
          maxLength={2000}
          value={line.text}
          onChange={(event) => onChange({ ...line, text: event.target.value })}
        />
      )}
    </>
  );
}

/** A JSON pointer below the whole, as a pattern of a field. */
const pointer = String.raw`(\/([^~\/]|~[01])*)+`;
