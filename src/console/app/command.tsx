import { Dialog } from '@base-ui/react/dialog';
import { useRouter } from '@tanstack/react-router';
import { useId, useState, type KeyboardEvent, type ReactNode } from 'react';
import { useText } from '../i18n/language.tsx';
import { defineMessages } from '../i18n/messages.ts';
import { Icon } from '../parts/icon.tsx';
import type { FoundCommand } from './commands/command.ts';
import { remember } from './commands/recent.ts';
import { useCommands } from './commands/use-commands.ts';
import '../parts/veil.css';
import './command.css';

const messages = defineMessages({
  title: { ko: '찾기와 명령', en: 'Find and do' },
  placeholder: { ko: '목록, 책, 독자, 화면, 명령', en: 'Lists, titles, readers, screens, actions' },
  nothing: { ko: '‘{text}’에 맞는 것이 없습니다.', en: 'Nothing matches “{text}”.' },
  found: { ko: '{count}개 찾음', en: { one: '{count} found', other: '{count} found' } },
});

/** The command palette: type, ↑ ↓, Enter. */
export function Command({
  open,
  onClose,
}: {
  readonly open: boolean;
  readonly onClose: () => void;
}): ReactNode {
  const say = useText(messages);
  return (
    <Dialog.Root open={open} onOpenChange={(next) => (next ? undefined : onClose())}>
      <Dialog.Portal>
        <Dialog.Backdrop className="veil" data-floating="" />
        <Dialog.Popup className="command" data-floating="">
          <Dialog.Title className="unseen">{say('title')}</Dialog.Title>
          <Palette onClose={onClose} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Palette({ onClose }: { readonly onClose: () => void }): ReactNode {
  const say = useText(messages);
  const router = useRouter();
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const list = useId();
  const found = useCommands(text);
  const chosen = Math.min(at, found.length - 1);
  const run = (command: FoundCommand | undefined): void => {
    if (command === undefined) return;
    onClose();
    if (typeof command.go === 'function') command.go();
    else {
      remember(command);
      router.history.push(command.go);
    }
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setAt((chosen + step + found.length) % Math.max(1, found.length));
    } else if (event.key === 'Enter') {
      event.preventDefault();
      run(found[chosen]);
    }
  };
  return (
    <>
      <div className="command-field">
        <Icon name="find" />
        <input
          role="combobox"
          aria-expanded="true"
          aria-controls={list}
          aria-activedescendant={found.length === 0 ? undefined : `${list}-${chosen}`}
          aria-label={say('placeholder')}
          placeholder={say('placeholder')}
          autoComplete="off"
          spellCheck={false}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setAt(0);
          }}
          onKeyDown={onKeyDown}
        />
        <kbd>Esc</kbd>
      </div>
      <div id={list} role="listbox" aria-label={say('title')} className="command-list">
        {found.map((command, index) => (
          <div key={command.key} role="presentation">
            {command.group === found[index - 1]?.group ? null : (
              <div className="command-group" role="presentation">
                {command.group}
              </div>
            )}
            <div
              id={`${list}-${index}`}
              role="option"
              aria-selected={index === chosen}
              className="command-item"
              ref={index === chosen ? (element) => element?.scrollIntoView({ block: 'nearest' }) : undefined}
              onClick={() => run(command)}
              onPointerMove={() => setAt(index)}
            >
              <Icon name={command.icon} />
              <span className="clip">{command.label}</span>
              {command.note === undefined ? null : <span className="small clip">{command.note}</span>}
            </div>
          </div>
        ))}
      </div>
      {found.length === 0 ? <p className="command-nothing muted">{say('nothing', { text })}</p> : null}
      <div className="unseen" aria-live="polite">
        {text === '' ? '' : say('found', { count: found.length })}
      </div>
    </>
  );
}
