import { useState, type FormEvent, type ReactNode } from 'react';
import { useText } from '../../i18n/language.tsx';
import { Button } from '../../parts/button.tsx';
import { Modal } from '../../parts/sheet.tsx';
import { messages } from './messages.ts';
import { useReason } from './use-reason.ts';

/** A dialogue that makes something: waits while it is sent, says why it did not work, and keeps what was typed. */
export function MakeForm({
  title,
  action,
  ready = true,
  send,
  onClose,
  children,
}: {
  readonly title: string;
  /** What its button says. */
  readonly action: string;
  /** Whether it can be sent as it stands. */
  readonly ready?: boolean;
  readonly send: () => Promise<void>;
  readonly onClose: () => void;
  /** The fields. */
  readonly children: ReactNode;
}): ReactNode {
  const say = useText(messages);
  const reason = useReason();
  const [waiting, setWaiting] = useState(false);
  const [error, setError] = useState<unknown>();
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setWaiting(true);
    setError(undefined);
    try {
      await send();
    } catch (failure) {
      setError(failure);
      setWaiting(false);
    }
  };
  return (
    <Modal open onClose={onClose} title={title}>
      <form className="settings-form" onSubmit={(event) => void submit(event)}>
        {children}
        <p role="alert" className="settings-wrong">
          {error === undefined ? '' : reason(error)}
        </p>
        <div className="row settings-ends">
          <Button primary type="submit" disabled={waiting || !ready}>
            {action}
          </Button>
          <Button onClick={onClose}>{say('cancel')}</Button>
        </div>
      </form>
    </Modal>
  );
}
