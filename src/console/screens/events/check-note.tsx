import type { ReactNode } from 'react';
import type { Replayed } from '../../../api/index.ts';
import { useText } from '../../i18n/language.tsx';
import { Button } from '../../parts/button.tsx';
import { messages } from './messages.ts';

/** What is not right yet in what is written, and the way there. */
export function CheckNote({
  what,
  error,
  onGoTo,
}: {
  readonly what: string;
  readonly error?: NonNullable<Replayed['results'][number]['error']>;
  readonly onGoTo: (() => void) | undefined;
}): ReactNode {
  const say = useText(messages);
  return (
    <div className="events-refused-note">
      <p>
        <b>{what}</b>{' '}
        {error === undefined ? null : (
          <span lang="en">{error.message === '' ? `${error.path} ${error.rule}` : error.message}</span>
        )}
      </p>
      {onGoTo === undefined ? null : (
        <Button icon="right" onClick={onGoTo}>
          {say('goThere')}
        </Button>
      )}
    </div>
  );
}
