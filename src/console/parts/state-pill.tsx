import type { ReactNode } from 'react';
import { useText } from '../i18n/language.tsx';
import { defineMessages } from '../i18n/messages.ts';
import './state-pill.css';

/** How something stands; the word is always there. */
export type State = 'ok' | 'watch' | 'risk' | 'late';

const messages = defineMessages({
  ok: { ko: '정상', en: 'on track' },
  watch: { ko: '주의', en: 'watch' },
  risk: { ko: '위험', en: 'at risk' },
  late: { ko: '늦음', en: 'late' },
});

/** A word on its colour. `children` replaces the state's own word. */
export function StatePill({
  state,
  children,
}: {
  readonly state: State;
  readonly children?: ReactNode;
}): ReactNode {
  const say = useText(messages);
  return <span className={`state ${state}`}>{children ?? say(state)}</span>;
}
