import type { ReactNode } from 'react';
import type { Replayed } from '../../../api/index.ts';
import { useText } from '../../i18n/language.tsx';
import { Banner } from '../../parts/banner.tsx';
import { messages } from './messages.ts';

const reasonsMax = 5;

/** What became of a replay, or would: how many are stored, were stored before, and are refused again, with why. */
export function ReplayAnswer({ answer }: { readonly answer: Replayed }): ReactNode {
  const say = useText(messages);
  const { dry_run: dry, selected, more, accepted, duplicates, failed, results } = answer;
  if (selected === 0) return <Banner state="ok" what={say('nothingOpen')} />;
  const parts = [
    ...(accepted > 0 || failed === 0 ? [say(dry ? 'wouldStore' : 'stored', { count: accepted })] : []),
    ...(duplicates > 0 ? [say('duplicates', { count: duplicates })] : []),
    ...(failed > 0 ? [say(dry ? 'wouldFail' : 'failedAgain', { count: failed })] : []),
    ...(more ? [say('moreLeft')] : []),
  ];
  const again = Map.groupBy(
    results.flatMap(({ error }) => (error === undefined ? [] : [error])),
    ({ code, path, rule }) => [code, path, rule].join('\n'),
  );
  const reasons = [...again].toSorted(([, one], [, other]) => other.length - one.length);
  return (
    <>
      <Banner state={failed === 0 ? 'ok' : accepted === 0 ? 'late' : 'watch'} what={parts.join(' ')} />
      {reasons.length === 0 ? null : (
        <ul className="events-again">
          {reasons.slice(0, reasonsMax).map(([key, errors]) => (
            <li key={key}>
              <span className="num">{say('times', { count: errors.length })}</span>{' '}
              <code>
                {errors[0]?.code} {errors[0]?.path}
              </code>{' '}
              <span lang="en">{errors[0]?.message === '' ? errors[0].rule : errors[0]?.message}</span>
            </li>
          ))}
          {reasons.length > reasonsMax ? (
            <li className="muted">{say('moreReasons', { count: reasons.length - reasonsMax })}</li>
          ) : null}
        </ul>
      )}
    </>
  );
}
