import { useState, type ReactNode } from 'react';
import { useText } from '../../i18n/language.tsx';
import { Button } from '../../parts/button.tsx';
import { Modal } from '../../parts/sheet.tsx';
import { messages } from './messages.ts';

/** A secret that was made: it stands here until the reader closes it, and nowhere afterwards. */
export function ToldOnce({
  title,
  secret,
  onClose,
}: {
  readonly title: string;
  readonly secret: string;
  readonly onClose: () => void;
}): ReactNode {
  const say = useText(messages);
  const [copied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(secret);
    setCopied(true);
  };
  return (
    <Modal open onClose={onClose} title={title}>
      <p>{say('shownOnce')}</p>
      <code className="settings-secret">{secret}</code>
      <div className="row settings-ends">
        <Button primary icon={copied ? 'check' : 'copy'} onClick={() => void copy()}>
          {say(copied ? 'copied' : 'copy')}
        </Button>
        <Button onClick={onClose}>{say('close')}</Button>
      </div>
    </Modal>
  );
}
