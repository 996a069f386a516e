import { useState, type ReactNode } from 'react';
import { useText } from '../../i18n/language.tsx';
import { Button } from '../../parts/button.tsx';
import { Modal } from '../../parts/sheet.tsx';
import { messages } from './messages.ts';
import { useReason } from './use-reason.ts';

/** Asks before something that cannot be taken back; says why when it does not work. */
export function Confirm({
  title,
  what,
  action,
  onDo,
  onClose,
}: {
  readonly title: string;
  readonly what: string;
  readonly action: string;
  readonly onDo: () => Promise<void>;
  readonly onClose: () => void;
}): ReactNode {
  const say = useText(messages);
  const reason = useReason();
  const [waiting, setWaiting] = useState(false);
  const [error, setError] = useState<unknown>();
  const act = async (): Promise<void> => {
    setWaiting(true);
    setError(undefined);
    try {
      await onDo();
    } catch (failure) {
      setError(failure);
      setWaiting(false);
    }
  };
  return (
    <Modal open onClose={onClose} title={title}>
      <p>{what}</p>
      <p role="alert" className="settings-wrong">
        {error === undefined ? '' : reason(error)}
      </p>
      <div className="row settings-ends">
        <Button primary disabled={waiting} onClick={() => void act()}>
          {action}
        </Button>
        <Button onClick={onClose}>{say('cancel')}</Button>
      </div>
    </Modal>
  );
}
