import { useState, type ReactNode } from 'react';
import { useText } from '../../i18n/language.tsx';
import { Button } from '../../parts/button.tsx';
import { messages } from './messages.ts';

const saidMs = 2000;

/** Copies the address of what is shown. */
export function ShareButton(): ReactNode {
  const say = useText(messages);
  const [done, setDone] = useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(location.href);
    setDone(true);
    setTimeout(() => setDone(false), saidMs);
  };
  return (
    <Button icon={done ? 'check' : 'copy'} onClick={() => void copy()}>
      {say(done ? 'shared' : 'share')}
    </Button>
  );
}
