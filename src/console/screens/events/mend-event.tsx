import { json } from '@codemirror/lang-json';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import type { FailedRows, Replayed } from '../../../api/index.ts';
import { keepDraft, keptDraft } from '../../data/draft.ts';
import { useText } from '../../i18n/language.tsx';
import { Button } from '../../parts/button.tsx';
import { CodeEditor, type CodeHandle } from '../../parts/code-editor.tsx';
import { ErrorState } from '../../parts/error-state.tsx';
import { CheckNote } from './check-note.tsx';
import { pointerPlace, syntaxPlace } from './json-place.ts';
import { messages } from './messages.ts';
import { checkQuery } from './queries.ts';
import { ReplayAnswer } from './replay-answer.tsx';
import { useReplay } from './use-replay.ts';

type Row = FailedRows['rows'][number];
const restMs = 500;

/** A refused event in an editor: checked against the catalogue while it is written, then stored. */
export function MendEvent({
  row,
  person,
  onAnswer,
}: {
  readonly row: Row;
  readonly person: string;
  readonly onAnswer: (answer: Replayed) => void;
}): ReactNode {
  const say = useText(messages);
  const { place, event } = row;
  const draft = `event.${person}.${place}`;
  const came = useMemo(() => (typeof event === 'string' ? event : JSON.stringify(event, null, 2)), [event]);
  const [text, setText] = useState(() => keptDraft(draft) ?? came);
  const [rested, setRested] = useState(text);
  const editor = useRef<CodeHandle>(null);
  const store = useReplay(false, (answer) => {
    if (answer.failed === 0) keepDraft(draft, undefined);
    onAnswer(answer);
  });
  useEffect(() => {
    const timer = setTimeout(() => setRested(text), restMs);
    return () => clearTimeout(timer);
  }, [text]);
  const parsed = useMemo(() => parse(rested), [rested]);
  const check = useQuery({ ...checkQuery(place, parsed?.value), enabled: parsed !== undefined });
  const error = check.data?.results[0]?.error;
  const wrong = useMemo(() => {
    if (parsed === undefined) return (now: string) => syntaxPlace(now) ?? pointerPlace(now, '');
    return error === undefined ? undefined : (now: string) => pointerPlace(now, error.path);
  }, [parsed, error]);
  const current = rested === text && parsed !== undefined;
  const ready = current && (check.data?.accepted ?? 0) > 0 && !store.sending;
  const send = (): void => {
    if (ready) void store.send({ events: [{ place, event: parsed.value }] });
  };
  const done = store.answer !== undefined && store.answer.failed === 0;
  return (
    <>
      <CodeEditor
        ref={editor}
        label={say('editor')}
        text={text}
        language={json}
        wrong={wrong}
        onChange={(changed) => {
          setText(changed);
          store.clear();
          keepDraft(draft, changed === came ? undefined : changed);
        }}
        onRun={send}
      />
      <div aria-live="polite" className="events-outcome">
        {store.answer !== undefined ? (
          <ReplayAnswer answer={store.answer} />
        ) : store.error !== undefined ? (
          <ErrorState error={store.error} onRetry={send} />
        ) : parsed === undefined ? (
          <CheckNote
            what={say('noJson')}
            onGoTo={wrong === undefined ? undefined : () => editor.current?.goTo(wrong)}
          />
        ) : check.error !== null ? (
          <ErrorState error={check.error} onRetry={() => void check.refetch()} />
        ) : check.data === undefined || !current ? (
          <p className="muted">{say('checking')}</p>
        ) : error !== undefined ? (
          <CheckNote
            error={error}
            what={say('stillRefused')}
            onGoTo={wrong === undefined ? undefined : () => editor.current?.goTo(wrong)}
          />
        ) : check.data.selected === 0 ? (
          <p>{say('nothingOpen')}</p>
        ) : (
          <p>{say('keepsRules')}</p>
        )}
      </div>
      <div className="row">
        <Button primary icon="again" disabled={!ready || done} onClick={send}>
          {say('store')}
        </Button>
        <Button disabled={text === came} onClick={() => editor.current?.replace(came)}>
          {say('asItCame')}
        </Button>
      </div>
      <p className="small events-note">{say('storeNote')}</p>
    </>
  );
}

/** The value of a JSON text; undefined when it is none. */
function parse(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}
