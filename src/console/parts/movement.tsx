import type { ReactNode } from 'react';
import { useFormat, useText } from '../i18n/language.tsx';
import { defineMessages } from '../i18n/messages.ts';

const messages = defineMessages({
  new: { ko: '신규', en: 'new' },
  back: { ko: '재진입', en: 'back' },
  up: { ko: '{count}계단 오름', en: { one: 'up {count} place', other: 'up {count} places' } },
  down: { ko: '{count}계단 내림', en: { one: 'down {count} place', other: 'down {count} places' } },
  same: { ko: '변동 없음', en: 'unchanged' },
});

/** How a title moved: places up when positive, `new`, or `back` on the list. */
export type Move = number | 'new' | 'back';

/** ▲ 3, ▼ 1, –, new, back. */
export function Movement({ move }: { readonly move: Move }): ReactNode {
  const say = useText(messages);
  const format = useFormat();
  if (typeof move === 'string') return <span className="new nowrap">{say(move)}</span>;
  if (move === 0)
    return (
      <span className="muted">
        <span aria-hidden="true">–</span>
        <span className="unseen">{say('same')}</span>
      </span>
    );
  const places = Math.abs(move);
  return (
    <span className={`${move > 0 ? 'up' : 'down'} nowrap`}>
      <span aria-hidden="true">
        {move > 0 ? '▲' : '▼'} {format.number(places)}
      </span>
      <span className="unseen">{say(move > 0 ? 'up' : 'down', { count: places })}</span>
    </span>
  );
}
