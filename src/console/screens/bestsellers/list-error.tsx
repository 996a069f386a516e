import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { RequestError } from '../../data/request.ts';
import { useText } from '../../i18n/language.tsx';
import { Empty } from '../../parts/empty.tsx';
import { ErrorState } from '../../parts/error-state.tsx';
import { messages } from './messages.ts';
import type { ListView } from './queries.ts';

const known = {
  edition_not_found: 'noSuchDay',
  day_invalid: 'noSuchDay',
  argument_invalid: 'noSuchDay',
  list_not_found: 'noSuchList',
  category_not_found: 'noSuchCategory',
} as const;

/** A day, list or category that does not exist has its own calm answer. */
export function ListError({
  error,
  view,
  onRetry,
}: {
  readonly error: unknown;
  readonly view: ListView;
  readonly onRetry: () => void;
}): ReactNode {
  const say = useText(messages);
  const code = error instanceof RequestError ? error.code : '';
  if (!Object.hasOwn(known, code)) return <ErrorState error={error} onRetry={onRetry} />;
  const what = known[code as keyof typeof known];
  return (
    <Empty
      what={say(what)}
      action={
        what === 'noSuchList' ? (
          <Link className="ctl" to="/bestsellers">
            {say('backToList')}
          </Link>
        ) : (
          <Link className="ctl" to="/bestsellers/$list" params={{ list: view.list }}>
            {say('newest')}
          </Link>
        )
      }
    />
  );
}
