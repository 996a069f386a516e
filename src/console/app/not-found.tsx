import { Link } from '@tanstack/react-router';
import { useEffect, type ReactNode } from 'react';
import { useText } from '../i18n/language.tsx';
import { defineMessages } from '../i18n/messages.ts';

const messages = defineMessages({
  title: { ko: '이 주소에는 아무것도 없습니다', en: 'There is nothing at this address' },
  about: {
    ko: '주소가 바뀌었거나 잘못 적혔을 수 있습니다. Ctrl K로 목록과 화면을 찾으실 수 있습니다.',
    en: 'It may have moved, or been mistyped. Ctrl K finds lists and screens.',
  },
  home: { ko: '홈으로 가기', en: 'Go to Home' },
});

/** The console's own answer to an address that it does not know. */
export function NotFound(): ReactNode {
  const say = useText(messages);
  useEffect(() => {
    document.title = `${say('title')} · Octavo`;
  }, [say]);
  return (
    <div className="centred">
      <h1 tabIndex={-1}>{say('title')}</h1>
      <p className="text">{say('about')}</p>
      <Link to="/" className="ctl">
        {say('home')}
      </Link>
    </div>
  );
}
